const form =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d)))?)?)?$/
const [firstInstant, lastInstant] = [Date.parse('0001-01-01T00:00:00Z'), Date.UTC(10_000, 0)]

export const instantForms = ['a time such as 2026-11-22T08:00:00Z', 'a date such as 2026-11-22'] as const

/**
 * A time of RFC 3339 with its offset, or a date, a month or a year, which stand for their first moment in UTC. Gives UTC
 * with microseconds, `2026-11-22T08:00:00.000000Z`, so that texts compare as the times do; what is finer is cut off. Null
 * for what is no time from the year 1 to 9999.
 */
export function readInstant(text: string): string | null {
  const parts = form.exec(text)
  if (!parts) return null
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part, index) => Number(part ?? (index < 3 ? 1 : 0))) as [number, number, number, number, number, number] // prettier-ignore
  const [sign, offsetHours, offsetMinutes] = [parts[8], Number(parts[9] ?? 0), Number(parts[10] ?? 0)]
  const inRange =
    month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month) && hour < 24 && minute < 60 && second < 60 &&
    offsetHours < 24 && offsetMinutes < 60 // prettier-ignore
  if (!inRange) return null
  const offset = (offsetHours * 60 + offsetMinutes) * (sign === '-' ? 60_000 : -60_000)
  const moment = new Date(0)
  moment.setUTCFullYear(year, month - 1, day)
  moment.setUTCHours(hour, minute, second)
  const time = moment.getTime() + offset
  if (time < firstInstant || time >= lastInstant) return null
  return `${new Date(time).toISOString().slice(0, 19)}.${(parts[7] ?? '').padEnd(6, '0').slice(0, 6)}Z`
}

const beginning = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?[Zz]?)?)?)?$/

/**
 * The times that are written with this beginning in UTC: from the first one on, and before the second. `2026-11` is a month,
 * `2026-11-22T08:00:00.1` a tenth of a second. Null for what no time begins with.
 */
export function readStretch(text: string): readonly [from: string, to: string] | null {
  const parts = beginning.exec(text)?.slice(1)
  const given = parts?.filter((part) => part !== undefined) ?? []
  const [year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = ''] = given
  const first = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}Z`
  const from = readInstant(first)
  if (from === null) return null
  const end = new Date(first)
  const advance = [
    () => end.setUTCFullYear(end.getUTCFullYear() + 1),
    () => end.setUTCMonth(end.getUTCMonth() + 1),
    () => end.setUTCDate(end.getUTCDate() + 1),
    () => end.setUTCHours(end.getUTCHours() + 1),
    () => end.setUTCMinutes(end.getUTCMinutes() + 1),
    () => end.setUTCSeconds(end.getUTCSeconds() + 1),
    () => end.setUTCMilliseconds(end.getUTCMilliseconds() + 10 ** (3 - fraction.length)),
  ][given.length - 1]
  advance?.()
  const last = Math.min(end.getTime(), lastInstant - 1)
  return [from, `${new Date(last).toISOString().slice(0, -1)}000Z`]
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

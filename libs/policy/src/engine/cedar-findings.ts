import type { DetailedError } from './cedar.ts'
import type { Finding, Place } from './types.ts'

/** What Cedar found, with the place in `within`, moved by `shift` units of UTF-16. */
export function findings(
  errors: readonly DetailedError[],
  { ruleId, within, shift = 0 }: { ruleId: string | null; within: string | null; shift?: number },
): Finding[] {
  return errors.map(({ message, help, sourceLocations }) => {
    const [location] = sourceLocations ?? []
    return {
      rule_id: ruleId,
      message,
      help: help ?? expectation(location?.label ?? null),
      place: location && within !== null ? placeIn(within, location, shift) : null,
    }
  })
}

function expectation(label: string | null): string | null {
  return label !== null && label.startsWith('expected') ? label : null
}

/** Cedar counts bytes of UTF-8. */
function placeIn(text: string, { start, end }: Place, shift: number): Place {
  const bytes = Buffer.from(text)
  const units = (offset: number): number => bytes.subarray(0, offset).toString().length
  return { start: Math.max(0, units(start) + shift), end: Math.max(0, units(end) + shift) }
}

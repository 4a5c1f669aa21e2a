import { defaultLocale, sayings } from './languages.ts'

const spoken = Object.keys(sayings).map((locale) => ({ locale, tag: locale.toLowerCase() }))
const longestHeader = 512
const range = /^\s*([a-z]{1,8}(?:-[a-z\d]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i

/**
 * The locale that fits an Accept-Language header best (RFC 9110 section 12.5.4, by lookup as in RFC 4647 section 3.4): `und`
 * without a header, the default locale when none of the languages is spoken here.
 */
export function negotiated(header: string | undefined): string {
  if (header === undefined || header.trim() === '') return 'und'
  const ranges = header
    .slice(0, longestHeader)
    .split(',')
    .map((text) => range.exec(text))
    .flatMap((match) =>
      match?.[1] === undefined ? [] : [{ tag: match[1].toLowerCase(), weight: Number(match[2] ?? 1) }],
    )
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
  for (const { tag } of ranges) {
    const found = tag === '*' ? defaultLocale : lookedUp(tag)
    if (found !== undefined) return found
  }
  return defaultLocale
}

/** `de-AT` is answered in `de`, `pt` in `pt-BR`. */
function lookedUp(wanted: string): string | undefined {
  const parts = wanted.split('-')
  for (let length = parts.length; length > 0; length -= 1) {
    const prefix = parts.slice(0, length).join('-')
    const found = spoken.find(({ tag }) => tag === prefix) ?? spoken.find(({ tag }) => tag.startsWith(`${prefix}-`))
    if (found) return found.locale
  }
  return undefined
}

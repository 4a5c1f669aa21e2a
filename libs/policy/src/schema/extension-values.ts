import { isIP } from 'node:net'
import type { CedarValue } from '../engine/cedar.ts'

/** The function that reads the text of each extension type, and which texts it reads. */
const readers: Readonly<Record<string, { readonly fn: string; readonly fits: (text: string) => boolean }>> = {
  ipaddr: { fn: 'ip', fits: isAddress },
  decimal: { fn: 'decimal', fits: (text) => /^-?\d{1,14}\.\d{1,4}$/.test(text) },
  datetime: { fn: 'datetime', fits: isTime },
  duration: {
    fn: 'duration',
    fits: (text) => /^-?(?=\d)(?:\d{1,9}d)?(?:\d{1,9}h)?(?:\d{1,9}m)?(?:\d{1,9}s)?(?:\d{1,9}ms)?$/.test(text),
  },
}

/**
 * A value of an extension type, from its text or from Cedar's own JSON of it; undefined for what Cedar would not read. One
 * that it does not read makes it refuse the whole question.
 */
export function extensionValue(value: unknown, type: string): CedarValue | undefined {
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined
  const text = typeof value === 'string' ? value : argumentOf(value, reader?.fn)
  return reader && text !== undefined && reader.fits(text) ? { __extn: { fn: reader.fn, arg: text } } : undefined
}

function argumentOf(value: unknown, fn: string | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || !('__extn' in value)) return undefined
  const call = value.__extn
  if (typeof call !== 'object' || call === null || !('fn' in call) || !('arg' in call)) return undefined
  return call.fn === fn && typeof call.arg === 'string' ? call.arg : undefined
}

/** An address or a range of them, without a zone and without IPv4 inside of IPv6. */
function isAddress(text: string): boolean {
  const [, address = '', bits = '0'] = /^([0-9.]+|[0-9a-fA-F:]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []
  const version = isIP(address)
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128)
}

/** `2026-11-22`, or with a time, its milliseconds, and `Z` or an offset such as `+0100`. */
function isTime(text: string): boolean {
  const [, date = ''] =
    /^(\d{4}-\d\d-\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?(?:Z|[+-](?:[01]\d|2[0-3])[0-5]\d))?$/.exec(
      text,
    ) ?? []
  const time = Date.parse(date)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}

import type { CedarValue } from './cedar.ts'

/**
 * Free-form JSON as attributes of an entity. Cedar knows neither null, which is left out, nor fractions, which become
 * decimals where four digits hold them and are left out otherwise; whole numbers that JavaScript has rounded are left
 * out too. A field that Cedar's JSON would read as something else than a record (`__entity`, `__extn`, `__expr`) is left out:
 * who may write an attribute must not be able to say that it is somebody.
 */
export function attributesOf(json: Readonly<Record<string, unknown>>): Record<string, CedarValue> {
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]): [string, CedarValue][] => {
      const converted = escapes.has(key) ? undefined : valueOf(value)
      return converted === undefined ? [] : [[key, converted]]
    }),
  )
}

const escapes: ReadonlySet<string> = new Set(['__entity', '__extn', '__expr'])

function valueOf(value: unknown): CedarValue | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return numberOf(value)
  if (Array.isArray(value)) return value.flatMap((each) => valueOf(each) ?? [])
  if (typeof value === 'object' && value !== null) return attributesOf(value as Record<string, unknown>)
  return undefined
}

function numberOf(value: number): CedarValue | undefined {
  if (Number.isSafeInteger(value)) return value
  const text = value.toFixed(4)
  return Number(text) === value && Math.abs(value) < 9e14 ? { __extn: { fn: 'decimal', arg: text } } : undefined
}

import { isDeepStrictEqual } from 'node:util'

/** Of the given fields those that differ from the object: what a change is about, and what its audit entry names. */
export function changedFields<T extends object>(before: object, given: T): Partial<T> {
  const old = new Map<string, unknown>(Object.entries(before))
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => !isDeepStrictEqual(old.get(name), value)),
  ) as Partial<T>
}

/** As it will be read back: no classes, no absent fields, no minus zero. */
export function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

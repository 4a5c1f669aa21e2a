/** As it will be read back: no classes, no absent fields. */
export function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

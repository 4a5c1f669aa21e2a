import type { BoundFilter, BoundSort } from '#filter'

type Read = (text: string, parameter: string) => BoundFilter | BoundSort

interface Reading {
  readonly property: string
  readonly read: Read
  readonly emptyIsNone: boolean
}

const readings = new WeakMap<object, Reading[]>()

/**
 * In a query or a body that has passed its check, the text of each property that `@Filter` or `@Sort` decorates becomes the bound
 * filter or the bound order. @throws DomainError `invalid_filter` or `invalid_parameter`
 */
export function withFiltersRead<T extends object>(type: new () => T, checked: T): T {
  const texts = checked as Record<string, unknown>
  for (const { property, read, emptyIsNone } of readingsOf(type)) {
    const text = texts[property]
    if (typeof text !== 'string') continue
    texts[property] = emptyIsNone && text.trim() === '' ? undefined : read(text, property)
  }
  return checked
}

/** The decorator, and that the property is read. */
export function readBy(decorator: PropertyDecorator, read: Read, emptyIsNone: boolean): PropertyDecorator {
  return (target, property) => {
    decorator(target, property)
    readings.set(target, [...(readings.get(target) ?? []), { property: String(property), read, emptyIsNone }])
  }
}

const gathered = new WeakMap<object, readonly Reading[]>()

/** Those of a class and of the classes above it. */
function readingsOf(type: new (...parameters: never[]) => object): readonly Reading[] {
  const found = gathered.get(type)
  if (found) return found
  const all: Reading[] = []
  for (let target = type.prototype as object | null; target; target = Object.getPrototypeOf(target) as object | null)
    all.push(...(readings.get(target) ?? []))
  gathered.set(type, all)
  return all
}

import type { ApiPropertyOptions } from '@nestjs/swagger'
import { Transform, Type } from 'class-transformer'
import {
  ArrayMaxSize, IsArray, IsObject, Validate, ValidateNested, ValidatorConstraint, getMetadataStorage, type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator' // prettier-ignore
import { anyLines, field, oneLine, type FieldOptions } from './field.ts'

/* Fields whose values are objects: of any form, of a class, or what names another object. */

@ValidatorConstraint({ name: 'small' })
class SmallConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return Buffer.byteLength(JSON.stringify(value) ?? '') <= 65_536
  }

  defaultMessage(): string {
    return '$property must not be larger than 64 KiB'
  }
}

/** As it was sent: the copy that class-transformer makes lacks keys such as `constructor` and `toString`. */
const untouched = ({ obj, key }: { obj: Record<string, unknown>; key: string }): unknown => obj[key]

/** Any JSON object of at most 64 KiB. */
export function JsonObject(options: FieldOptions): PropertyDecorator {
  const api = { type: 'object', additionalProperties: true } as const
  return field(options, api, Transform(untouched), IsObject(), Validate(SmallConstraint))
}

/** JSON objects of any form, at most 64 KiB together. */
export function JsonObjectList(options: FieldOptions & { max: number }): PropertyDecorator {
  const api = {
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    maxItems: options.max,
  } as const
  const checks = [IsArray(), ArrayMaxSize(options.max), IsObject({ each: true }), Validate(SmallConstraint)]
  return field(options, api, Transform(untouched), ...checks)
}

export interface ReferenceOptions extends FieldOptions {
  /** What one text looks like. */
  pattern?: RegExp
  /** The id of `{type, id}` is any text, the empty one too: whoever reads it judges. */
  anyId?: true
}

@ValidatorConstraint({ name: 'reference' })
class ReferenceConstraint implements ValidatorConstraintInterface {
  validate(value: unknown, { constraints }: ValidationArguments): boolean {
    const [{ pattern, anyId }] = constraints as [ReferenceOptions]
    const text = (given: unknown): given is string =>
      typeof given === 'string' && given.length > 0 && given.length <= longestReference && oneLine.test(given)
    if (text(value)) return pattern === undefined || pattern.test(value)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    const { type, id, ...others } = value as Record<string, unknown>
    return text(type) && (anyId ? typeof id === 'string' : text(id)) && Object.keys(others).length === 0
  }

  defaultMessage({ constraints }: ValidationArguments): string {
    const [{ pattern, anyId }] = constraints as [ReferenceOptions]
    const lengths = `${anyId ? 'text and type' : 'each'} of 1 to ${longestReference} characters`
    return `$property must be ${pattern === undefined ? 'a text' : 'a text such as "type:id"'} or {"type": …, "id": …}, ${lengths}`
  }
}

const longestReference = 2048

function referenceSchema({ pattern, anyId }: ReferenceOptions): Record<string, unknown>[] {
  const text = { type: 'string', minLength: 1, maxLength: longestReference }
  const properties = { type: text, id: anyId ? { type: 'string' } : text }
  return [
    { ...text, ...(pattern && { pattern: pattern.source }) },
    { type: 'object', required: ['type', 'id'], properties, additionalProperties: false },
  ]
}

/** What names an object of any kind: one text, or `{type, id}`. */
export function Reference(options: ReferenceOptions): PropertyDecorator {
  const api = { anyOf: referenceSchema(options) } as ApiPropertyOptions
  return field(options, api, Transform(untouched), Validate(ReferenceConstraint, [options]))
}

export function ReferenceList(options: ReferenceOptions & { max: number }): PropertyDecorator {
  const items = { anyOf: referenceSchema(options) }
  const api = { type: 'array', items, maxItems: options.max } as ApiPropertyOptions
  const checks = [IsArray(), ArrayMaxSize(options.max), Validate(ReferenceConstraint, [options], { each: true })]
  return field(options, api, Transform(untouched), ...checks)
}

const shapes = {
  text: {
    name: 'a text',
    api: { type: 'string' },
    fits: (value: unknown): boolean => typeof value === 'string' && anyLines.test(value),
  },
  object: {
    name: 'an object',
    api: { type: 'object', additionalProperties: true },
    fits: (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
  list: { name: 'a list', api: { type: 'array', items: {} }, fits: (value: unknown): boolean => Array.isArray(value) },
  null: { name: 'null', api: { type: 'null' }, fits: (value: unknown): boolean => value === null },
} as const

type Shape = keyof typeof shapes

@ValidatorConstraint({ name: 'shape' })
class ShapeConstraint implements ValidatorConstraintInterface {
  validate(value: unknown, { constraints }: ValidationArguments): boolean {
    return (constraints as Shape[]).some((shape) => shapes[shape].fits(value))
  }

  defaultMessage({ constraints }: ValidationArguments): string {
    return `$property must be ${(constraints as Shape[]).map((shape) => shapes[shape].name).join(' or ')}`
  }
}

/** JSON of one of the shapes, as large as the body may be; whoever reads it judges what is in it. */
export function Shaped(options: FieldOptions & { of: readonly Shape[]; format?: string }): PropertyDecorator {
  const apis = options.of.map((shape) => ({
    ...shapes[shape].api,
    ...(shape === 'text' && options.format && { format: options.format }),
  }))
  const api = apis.length === 1 ? apis[0] : { anyOf: apis }
  return field(options, api as ApiPropertyOptions, Transform(untouched), Validate(ShapeConstraint, [...options.of]))
}

interface NestedOptions extends FieldOptions {
  /** Members that the class does not name are dropped, not refused. */
  open?: true
}

export function Nested(type: () => new () => object, options: NestedOptions): PropertyDecorator {
  // Swagger tells a lazy type from a class by the function's name, `type`.
  return field(options, { type: () => type() }, IsObject(), ValidateNested(), Type(type), ...opened(options))
}

export function NestedList(type: () => new () => object, options: NestedOptions & { max: number }): PropertyDecorator {
  const checks = [
    IsArray(),
    ArrayMaxSize(options.max),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(type),
    ...opened(options),
  ]
  return field(options, { type: () => type(), isArray: true, maxItems: options.max }, ...checks)
}

function opened({ open }: NestedOptions): PropertyDecorator[] {
  return open ? [Transform(({ value }: { value: unknown }) => knownMembers(value))] : []
}

/** Of an object, or each in a list, what its class has a rule for. */
function knownMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(knownMembers)
  if (typeof value !== 'object' || value === null) return value
  const rules = getMetadataStorage().getTargetValidationMetadatas(value.constructor, '', false, false)
  const known = new Set(rules.map(({ propertyName }) => propertyName))
  const object = value as Record<string, unknown>
  for (const name of Object.keys(object)) if (!known.has(name)) delete object[name]
  return object
}

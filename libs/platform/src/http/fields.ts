import { applyDecorators } from '@nestjs/common'
import type { ApiPropertyOptions } from '@nestjs/swagger'
import { Transform } from 'class-transformer'
import {
  Allow, ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsInt, IsString, Length, Matches, Max, Min, Validate,
  ValidatorConstraint, type ValidationArguments, type ValidatorConstraintInterface,
} from 'class-validator' // prettier-ignore
import { parseId } from '#kernel'
import { field, oneLine, anyLines, type FieldOptions } from './field.ts'

const bytesOfCharacter = 4
const once = { message: '$property must hold each element once' }
const notBlank = /^$|[^\s\p{Z}\p{Cf}]/u

/** Length does not count variation selectors; the indexes of the database do, and take no more than 2,704 bytes. */
@ValidatorConstraint({ name: 'bytes' })
class BytesConstraint implements ValidatorConstraintInterface {
  validate(value: unknown, { constraints }: ValidationArguments): boolean {
    return typeof value === 'string' && Buffer.byteLength(value) <= Number(constraints[0])
  }

  defaultMessage({ constraints }: ValidationArguments): string {
    return `$property must not be longer than ${constraints[0]} bytes of UTF-8`
  }
}

export function Text(
  options: FieldOptions & { max?: number; min?: number; multiline?: boolean; pattern?: RegExp; format?: string },
): PropertyDecorator {
  const { max = 256, min = 1, multiline = false, pattern, format } = options
  const checks = [
    IsString(),
    Length(min, max),
    Validate(BytesConstraint, [max * bytesOfCharacter]),
    ...(multiline
      ? [Matches(anyLines, { message: '$property must not hold control characters' })]
      : [
          Matches(oneLine, { message: '$property must not hold control characters or marks of the writing direction' }),
          Matches(notBlank, { message: '$property must hold more than white space' }),
        ]),
  ]
  if (pattern) checks.push(Matches(pattern, { message: `$property must match ${pattern.source}` }))
  const api = {
    type: String,
    minLength: min,
    maxLength: max,
    ...(pattern && { pattern: pattern.source }),
    ...(format && { format }),
  }
  return field(options, api, ...checks)
}

/** Text whose form is checked elsewhere. */
export function AnyText(options: FieldOptions & { max: number }): PropertyDecorator {
  return field(options, { type: String, maxLength: options.max }, IsString())
}

/** Somebody at some host (RFC 5321 in outline); nothing is sent to it. */
export function Email(options: FieldOptions): PropertyDecorator {
  const check = Matches(/^[^\s@<>]+@[^\s@<>.]+(?:\.[^\s@<>.]+)*$/, { message: '$property must be an e-mail address' })
  return applyDecorators(Text({ ...options, min: 3, max: 254, format: 'email' }), check)
}

@ValidatorConstraint({ name: 'texts' })
class TextsConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && value.length > 0 && value.length <= 256 && oneLine.test(value)
  }

  defaultMessage(): string {
    return 'each of $property must be a text of 1 to 256 characters without control characters'
  }
}

/** Texts of 1 to 256 characters. @param options `form`: what each is like, also in the words of an error text */
export function TextList(
  options: FieldOptions & { max: number; form?: { pattern: RegExp; words: string } },
): PropertyDecorator {
  const { max, form } = options
  const checks = [IsArray(), ArrayMaxSize(max), Validate(TextsConstraint, { each: true })]
  if (form) {
    const fits = (each: unknown): boolean => typeof each === 'string' && form.pattern.test(each)
    const message = ({ property, value }: ValidationArguments): string =>
      `${property}.${[value].flat().findIndex((each) => !fits(each))} must be ${form.words}`
    checks.push(Matches(form.pattern, { each: true, message }))
  }
  const items = { type: 'string', ...(form && { pattern: form.pattern.source }) }
  return field(options, { type: 'array', items, maxItems: max }, ...checks)
}

const isId = (value: unknown): boolean => typeof value === 'string' && parseId(value) !== null

@ValidatorConstraint({ name: 'id' })
class IdConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return isId(value)
  }

  defaultMessage(): string {
    return '$property must be a uuid'
  }
}

/** Of an array: says which of them is none. */
@ValidatorConstraint({ name: 'ids' })
class IdsConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return !Array.isArray(value) || value.every(isId)
  }

  defaultMessage({ value }: ValidationArguments): string {
    const wrong = (value as unknown[]).findIndex((each) => !isId(each))
    return `$property.${wrong} must be a uuid`
  }
}

const storedId = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? (parseId(value) ?? value) : value

interface IdOptions extends FieldOptions {
  /** The document says so too, for an API whose answers leave the dashes out. */
  dashes?: 'optional'
}

const idSchema = ({ dashes }: IdOptions) =>
  dashes ? { pattern: '^[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$' } : { format: 'uuid' }

/** A uuid in any case, with or without dashes; the handler sees the stored form. */
export function Id(options: IdOptions): PropertyDecorator {
  return field(options, { type: String, ...idSchema(options) }, Transform(storedId), Validate(IdConstraint))
}

export function IdList(options: IdOptions & { max: number }): PropertyDecorator {
  const each = ({ value }: { value: unknown }): unknown =>
    Array.isArray(value) ? value.map((one) => storedId({ value: one })) : value
  return field(
    options,
    { type: 'array', items: { type: 'string', ...idSchema(options) }, maxItems: options.max },
    Transform(each), IsArray(), ArrayMaxSize(options.max), ArrayUnique(once), Validate(IdsConstraint),
  ) // prettier-ignore
}

/** RFC 3339 section 5.6 from 1970 to 9999 in the form of the wire (UTC, milliseconds), or null. */
function readInstant(text: string): string | null {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(
      text,
    )
  if (!parts) return null
  const time = Date.parse(text.toUpperCase())
  const days = new Date(Date.UTC(Number(parts[1]), Number(parts[2]), 0)).getUTCDate()
  const stands = Number(parts[3]) <= days && time >= Date.UTC(1970, 0) && time < Date.UTC(10000, 0)
  return stands ? new Date(time).toISOString() : null
}

@ValidatorConstraint({ name: 'instant' })
class InstantConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && readInstant(value) !== null
  }

  defaultMessage(): string {
    return '$property must be a time such as 2026-11-22T08:00:00Z (RFC 3339), from 1970 on'
  }
}

const wireInstant = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? (readInstant(value) ?? value) : value

/** A time with any offset; the handler sees it in the form of the wire. */
export function Instant(options: FieldOptions): PropertyDecorator {
  return field(options, { type: String, format: 'date-time' }, Transform(wireInstant), Validate(InstantConstraint))
}

const within = (min: number, max: number): PropertyDecorator[] => {
  const message = `$property must be a whole number from ${min} to ${max}`
  return [IsInt({ message }), Min(min, { message }), Max(max, { message })]
}

export function Whole(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  return field(
    options,
    { type: 'integer', minimum: options.min, maximum: options.max },
    ...within(options.min, options.max),
  )
}

export function Flag(options: FieldOptions): PropertyDecorator {
  return field(options, { type: Boolean }, IsBoolean())
}

export function OneOf(options: FieldOptions & { of: readonly string[] }): PropertyDecorator {
  const api = { type: String, enum: [...options.of] }
  return field(options, api, IsIn([...options.of], { message: `$property must be one of ${options.of.join(', ')}` }))
}

/** An enum as the JSON form of protocol buffers has it: a name or its number; the handler sees the name. */
export function EnumName(options: FieldOptions & { of: Readonly<Record<string, number>> }): PropertyDecorator {
  const names = Object.keys(options.of)
  const byNumber = new Map(Object.entries(options.of).map(([name, number]) => [number, name]))
  const named = ({ value }: { value: unknown }): unknown =>
    typeof value === 'number' ? (byNumber.get(value) ?? value) : value
  const api = {
    oneOf: [
      { type: 'string', enum: names },
      { type: 'integer', enum: [...byNumber.keys()] },
    ],
  } as ApiPropertyOptions
  const known = Object.entries(options.of).map(([name, number]) => `${name} (${number})`)
  return field(options, api, Transform(named), IsIn(names, { message: `$property must be one of ${known.join(', ')}` }))
}

/** A field that a client may send back as it has read it; whatever it holds, nothing is done with it. */
export function ReadOnly(options: FieldOptions & { type?: ApiPropertyOptions }): PropertyDecorator {
  const { type = { anyOf: [{}] }, ...rest } = options
  return field({ ...rest, optional: true }, { ...type, readOnly: true } as ApiPropertyOptions, Allow())
}

export function SetOf(options: FieldOptions & { of: readonly string[] }): PropertyDecorator {
  return field(
    options,
    { type: String, enum: [...options.of], isArray: true, uniqueItems: true, maxItems: options.of.length },
    IsArray(), ArrayMaxSize(options.of.length), ArrayUnique(once), IsIn([...options.of], { each: true, message: `each of $property must be one of ${options.of.join(', ')}` }),
  ) // prettier-ignore
}

const decimal = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value

/** A whole number in a query, where everything is text. */
export function QueryWhole(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  return applyDecorators(Transform(decimal), Whole({ ...options, optional: true }))
}

/** The same, where what it may be at most is checked elsewhere; `max` is for the document. */
export function AnyQueryWhole(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  const { min: minimum, max: maximum } = options
  return field({ ...options, optional: true }, { type: 'integer', minimum, maximum }, Transform(decimal), Allow())
}

const truth = ({ value }: { value: unknown }): unknown => (value === 'true' ? true : value === 'false' ? false : value)

/** A whole number that may come as text, as the JSON form of protocol buffers writes large ones. */
export function WholeOrText(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  const { min: minimum, max: maximum } = options
  const api = {
    oneOf: [
      { type: 'integer', minimum, maximum },
      { type: 'string', pattern: '^(?:0|[1-9][0-9]{0,14})$' },
    ],
  } as ApiPropertyOptions
  return field(options, api, Transform(decimal), ...within(minimum, maximum))
}

/** true or false in a query. */
export function QueryFlag(options: FieldOptions): PropertyDecorator {
  return applyDecorators(Transform(truth), Flag({ ...options, optional: true }))
}

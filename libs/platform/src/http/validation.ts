import type { ArgumentMetadata, PipeTransform } from '@nestjs/common'
import { plainToInstance } from 'class-transformer'
import { validateSync, type ValidationError } from 'class-validator'
import { DomainError, notFound, parseId, type ErrorCode } from '#kernel'
import { withFiltersRead } from './filter-texts.ts'
import { RememberedQueries } from './remembered-queries.ts'
import { rememberValidationRules } from './validation-rules.ts'

rememberValidationRules()

/** How many of the fields that are wrong an answer names. */
const mostNamed = 100
const noClasses: readonly unknown[] = [String, Boolean, Number, Array, Object]
const strictness = {
  whitelist: true,
  forbidNonWhitelisted: true,
  stopAtFirstError: true,
  forbidUnknownValues: false,
  validationError: { target: false },
}

/**
 * Checks every body and query against its class; what the class does not name is refused by name. Nest's own pipe would
 * silently drop keys such as `constructor` and `prototype`, at any depth of a free-form object. Filters and orders of a
 * query are read.
 */
export class StrictValidationPipe implements PipeTransform {
  readonly #queries = new RememberedQueries()

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === undefined || noClasses.includes(metatype)) return value
    if (type !== 'body') return this.#query(metatype, value ?? {})
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const wrong = value === undefined ? 'A body is required: it' : 'The body'
      throw new DomainError('invalid_body', `${wrong} must be a JSON object, sent as application/json`)
    }
    return withFiltersRead(metatype, checked(metatype, value, 'invalid_body'))
  }

  #query<T extends object>(type: new () => T, value: object): object {
    return this.#queries.get(type, value, () => withFiltersRead(type, checked(type, value, 'invalid_parameter')))
  }
}

/** The same check for an object that is no request's body, such as a line of an import. @throws DomainError `invalid_body` */
export function checkedBody<T extends object>(type: new () => T, value: object): T {
  return checked(type, value, 'invalid_body')
}

function checked<T extends object>(type: new () => T, value: object, code: ErrorCode): T {
  // class-transformer drops what Object.prototype has a name for before the check could refuse it.
  const lost = Object.keys(value).find((name) => name in Object.prototype)
  if (lost !== undefined)
    throw new DomainError(code, `${lost} is not known here`, {
      fields: [{ field: lost, message: `${lost} is not known here`, reason: 'unknown_field' }],
    })
  const object = plainToInstance(type, value)
  const errors = validateSync(object, strictness)
  if (errors.length > 0) throw refusal(code, errors)
  return object
}

function refusal(code: ErrorCode, errors: ValidationError[]): DomainError {
  const found = errors.flatMap((error) => flatten(error, ''))
  const named = found.slice(0, mostNamed)
  const more = found.length > mostNamed ? [`and ${found.length - mostNamed} more`] : []
  const message = [...named.map((each) => each.message), ...more].join('; ')
  return new DomainError(code, message, { fields: named })
}

/** Why a field is refused, where a client can act on it; a dialect says it in its own words. */
export type FieldReason =
  'missing' | 'unknown_field' | 'type' | 'value' | 'too_long' | 'too_many' | 'not_found' | 'immutable'

/** One field that is refused: an entry of `details.fields`. */
export interface FieldError {
  readonly field: string
  readonly message: string
  readonly reason?: FieldReason
}

function flatten(error: ValidationError, path: string): FieldError[] {
  const field = path === '' ? error.property : `${path}.${error.property}`
  const own = Object.entries(error.constraints ?? {}).map(([name, message]) => ({
    field,
    message: name === 'whitelistValidation' ? `${field} is not known here` : worded(message, field, error),
    reason: reasonOf(name, error.value),
  }))
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, field))]
}

/** A rule speaks of a value; where there is none, that is said first. */
function worded(message: string, field: string, { property, value }: ValidationError): string {
  const text = message.replace(property, field)
  return value === undefined && text.startsWith(`${field} `)
    ? `${field} is required: it${text.slice(field.length)}`
    : text
}

function reasonOf(constraint: string, value: unknown): FieldReason {
  if (constraint === 'whitelistValidation') return 'unknown_field'
  if (value === undefined || value === null || value === '') return 'missing'
  if (constraint === 'arrayMaxSize') return 'too_many'
  if (constraint === 'isLength' || constraint === 'bytes' || constraint === 'small') return 'too_long'
  return /^is(?!In$)/.test(constraint) ? 'type' : 'value'
}

/** `@Param('id', objectId('grant'))`: an id that is no uuid names nothing, so it is 404 like any other unknown id. */
export function objectId(kind: string): { transform(value: string): string } {
  return {
    transform(value: string): string {
      const id = parseId(value)
      if (id === null)
        throw new DomainError(
          'not_found',
          `No ${kind} has the id ${JSON.stringify(value.slice(0, 64))}; ids are uuids`,
          { resource_type: kind },
        )
      return id
    },
  }
}

/** `@Param('number', versionNumber)`: what is no number of a version names none, so it is 404 like any other unknown one. */
export const versionNumber = {
  transform(text: string): number {
    if (!/^[1-9]\d{0,8}$/.test(text)) throw notFound('version', text.slice(0, 64))
    return Number(text)
  },
}

import { ValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common'
import { plainToInstance } from 'class-transformer'
import { validateSync, type ValidationError } from 'class-validator'
import { DomainError, parseId, type ErrorCode } from '#kernel'

/** Checks every body and query against its class; what the class does not name is refused by name. */
export class StrictValidationPipe implements PipeTransform {
  readonly #body = strict('invalid_body')
  readonly #parameter = strict('invalid_parameter')

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (metadata.type === 'custom' || metadata.metatype === undefined) return value
    if (metadata.type !== 'body') return this.#parameter.transform(value, metadata)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new DomainError('invalid_body', 'The body must be a JSON object, sent as application/json')
    }
    return this.#body.transform(value, metadata)
  }
}

const strictness = { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true }

function strict(code: ErrorCode): ValidationPipe {
  return new ValidationPipe({
    ...strictness,
    transform: true,
    exceptionFactory: (errors: ValidationError[]) => refusal(code, errors),
  })
}

/** The same check for an object that is no request's body, such as a line of an import. @throws DomainError `invalid_body` */
export function checkedBody<T extends object>(type: new () => T, value: object): T {
  const body = plainToInstance(type, value)
  const errors = validateSync(body, { ...strictness, forbidUnknownValues: false })
  if (errors.length > 0) throw refusal('invalid_body', errors)
  return body
}

function refusal(code: ErrorCode, errors: ValidationError[]): DomainError {
  const found = errors.flatMap((error) => flatten(error, ''))
  return new DomainError(code, found.map(({ message }) => message).join('; '), { fields: found })
}

function flatten(error: ValidationError, path: string): { field: string; message: string }[] {
  const field = path === '' ? error.property : `${path}.${error.property}`
  const own = Object.entries(error.constraints ?? {}).map(([name, message]) => ({
    field,
    message: name === 'whitelistValidation' ? `${field} is not known here` : message.replace(error.property, field),
  }))
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, field))]
}

/** `@Param('id', objectId('grant'))`: an id that is no uuid names nothing, so it is 404 like any other unknown id. */
export function objectId(kind: string): { transform(value: string): string } {
  return {
    transform(value: string): string {
      const id = parseId(value)
      if (id === null)
        throw new DomainError(
          'not_found',
          `No ${kind} has the id ${JSON.stringify(value).slice(1, 65)}; ids are uuids`,
          { resource_type: kind },
        )
      return id
    },
  }
}

import { DomainError } from '#kernel'

/**
 * The fields that a PATCH writes (AIP-134, and the JSON form of google.protobuf.FieldMask): those that `update_mask` names, in
 * snake_case or camelCase, all of them for `*`; without a mask, those that the body has. A field that the mask names and the
 * body lacks is cleared; what the mask does not name is left alone, whatever the body says.
 *
 * @param body as it was checked; of a field that was not sent it has no value
 * @param writable each field that can be written, with the value it has when it is cleared; undefined: it cannot be
 * @throws DomainError `invalid_parameter` for a path that is none of them, or cannot be cleared
 */
export function maskedFields<T extends object>(
  body: T,
  updateMask: string | undefined,
  writable: { readonly [Field in keyof T]?: T[Field] | undefined },
): Partial<T> {
  const known = Object.keys(writable) as (keyof T & string)[]
  const named = pathsOf(updateMask)
  if (named === null)
    return present(known.filter((field) => body[field] !== undefined).map((field) => [field, body[field]]))
  const fields = named.includes('*') ? known : named.map((path) => fieldOf(path, known))
  return present(
    fields.map((field) => {
      const value = body[field] ?? writable[field]
      if (value === undefined)
        throw refused(field, `update_mask names ${field}, which cannot be cleared: send its value`)
      return [field, value]
    }),
  )
}

/** null: there is no mask. */
function pathsOf(updateMask: string | undefined): string[] | null {
  const paths = (updateMask ?? '').split(',').map((path) => path.trim())
  if (paths.every((path) => path === '')) return null
  return paths
}

function fieldOf<Field extends string>(path: string, known: readonly Field[]): Field {
  const snake = path.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
  const field = known.find((each) => each === snake)
  if (field) return field
  const hint = known.find((each) => snake.startsWith(`${each}.`))
  throw refused(
    path,
    hint
      ? `update_mask: ${path} lies inside ${hint}, which is written as a whole`
      : `update_mask: ${JSON.stringify(path.slice(0, 64))} is no field that can be written; those are ${known.join(', ')}`,
  )
}

function present<T extends object>(entries: readonly (readonly [keyof T, unknown])[]): Partial<T> {
  return Object.fromEntries(entries) as Partial<T>
}

function refused(field: string, message: string): DomainError {
  return new DomainError('invalid_parameter', message, {
    parameter: 'update_mask',
    fields: [{ field: 'update_mask', message }],
    path: field.slice(0, 64),
  })
}

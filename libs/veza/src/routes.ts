import { Controller } from '@nestjs/common'

const prefixes = ['api/private/lifecycle_management', 'api/v1/lifecycle_management'] as const

/** `/api/private/lifecycle_management/…`, and the same under `/api/v1`. */
export const LifecycleManagement = (resource: string): ClassDecorator =>
  Controller(prefixes.map((prefix) => `${prefix}/${resource}`))

/** What comes before the colon of a custom method, as in `POST /api/preview/keys/{id}:revoke`. */
export const verb = (name: string): string => `:id(^[^:]+)::${name}`

/** The groups of prefixes for the document: see Dialect. */
export const mounts = [
  ['/api/private/lifecycle_management', '/api/v1/lifecycle_management'],
  ['/api/preview'],
] as const satisfies readonly (readonly [string, ...string[]])[]

import { applyDecorators, Controller } from '@nestjs/common'

/** The versions of the API whose paths differ in nothing but this prefix. The first one stands in the document. */
export const versions = ['v3', 'beta', 'v2024', 'v2025', 'v2026'] as const

/** The seeds' path without a version, and that of the 2.x client, whose versions stand behind the resource. */
export const accessProfilePaths = ['access-profiles', 'access-profiles/v1'] as const

/** `/v3/…`, `/beta/…` and so on; `others` are paths that one resource has besides. */
export const Versioned = (resource: string, ...others: readonly string[]): ClassDecorator =>
  applyDecorators(Controller([...versions.map((version) => `${version}/${resource}`), ...others]))

/** The groups of prefixes for the document: see Dialect. */
export const mounts = [
  ['/v3', ...versions.slice(1).map((version) => `/${version}` as const)],
  ['/v3/access-profiles', ...accessProfilePaths.map((path) => `/${path}` as const)],
] as const satisfies readonly (readonly [string, ...string[]])[]

import type { Dialect } from '#platform'
import { errorSchemas } from './error-schemas.ts'
import { renderVezaError } from './errors.ts'
import { mounts } from './routes.ts'

const about = `
Access profiles, their types, versions and members as the clients of Veza's lifecycle management know them. The same objects as
under \`/v1\`; what this API cannot say of one is kept. docs/veza.md tells how the two meet.

**Addresses.** What is described under \`/api/private/lifecycle_management\` answers alike under \`/api/v1/lifecycle_management\`.

**Credentials.** \`Authorization: Bearer\` with an API key or a token, or \`X-API-Key\`.

**Lists** take \`filter\` (SCIM), \`order_by\` (\`name, created_at desc\`), \`page_size\` (at most 100) and \`page_token\`. \`has_more\` tells
whether there is another page.

**PATCH** writes the fields that \`update_mask\` names, in snake_case or camelCase; without one, those that the body has.

**Enums** are taken by name and by number, and answered by name, or by number with \`X-Enum-Format: number\`.

**Errors** are google.rpc.Status with \`request_id\` and \`timestamp\`: each field in BadRequest, our own code in ErrorInfo.`

/** What the platform has to know of this API. */
export const dialect = {
  name: 'veza',
  title: 'Veza-compatible',
  about: about.trim(),
  mounts,
  render: renderVezaError,
  errorSchemas,
  errorSchema: () => 'Status',
} satisfies Omit<Dialect, 'modules'>

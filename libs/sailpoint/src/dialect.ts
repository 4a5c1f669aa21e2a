import type { Dialect } from '#platform'
import { errorSchemas } from './error-schemas.ts'
import { errorSchemaOf, renderSailPointError } from './errors.ts'
import { mounts } from './routes.ts'
import { hexId } from './wire.ts'

const about = `
Access profiles and what stands around them, as the clients of SailPoint's V3 API know them. The same objects as under
\`/v1\`; what this API cannot say of one is kept.

**Addresses.** What is described under \`/v3\` answers alike under \`/beta\`, \`/v2024\`, \`/v2025\` and \`/v2026\`; access
profiles also under \`/access-profiles\`, where a list has at most 50 items, and \`/access-profiles/v1\`.

**Credentials.** \`Authorization: Bearer\` with a token of \`/oauth/token\`, or \`X-API-Key\`. A route wants one of its scopes and
one of its authorities; a credential that stands for nobody has the authority \`API\`.

**Lists** are bare arrays: \`limit\` and \`offset\`, \`count=true\` for the header \`X-Total-Count\`. \`X-Next-Cursor\` leads to the next
page as well and skips nothing while items are written. More than the largest \`limit\` is refused, never cut down.

**Errors** have a \`detailCode\`, the precise reason in \`messages\`, one text for each field in \`causes\`, and a \`trackingId\` that is
in the log. \`Accept-Language\` chooses the language of the general text.`

/** What the platform has to know of this API. */
export const dialect = {
  name: 'sailpoint',
  title: 'SailPoint-compatible',
  about: about.trim(),
  mounts,
  render: renderSailPointError,
  errorSchemas,
  errorSchema: errorSchemaOf,
  wireId: hexId,
} satisfies Omit<Dialect, 'modules'>

import { scopes, type Actor } from '#kernel'
import { forTenant, openContext } from '#platform'

/** Runs `work` in the context of a tenant, as a request of it would. */
export function inTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
  return openContext(null, () => forTenant(tenantId, work))
}

/** A machine of the tenant that may do everything. */
export function adminOf(tenantId: string): Actor {
  return {
    type: 'api_key',
    id: '019a0000-0000-7000-8000-00000000aaaa',
    tenantId,
    identityId: null,
    scopes: new Set(scopes),
    authorities: new Set(['API']),
    expiresAt: null,
  }
}

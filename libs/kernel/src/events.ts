import type { Scope } from './permissions.ts'

/** What the events of a tenant speak of: their types are `kind.verb`. With each kind the scope that reads what they carry. */
export const eventKinds = {
  grant: 'grants:read',
  identity: 'identities:read',
  group: 'groups:read',
  source: 'sources:read',
  entitlement: 'entitlements:read',
  segment: 'segments:read',
  access_profile: 'access_profiles:read',
  access_profile_type: 'access_profiles:read',
  policy: 'policies:read',
  policy_schema: 'policies:read',
  policy_test: 'policies:read',
  webhook: 'webhooks:read',
  webhook_delivery: 'webhooks:read',
  api_key: 'api_keys:read',
  oauth_client: 'oauth_clients:read',
  oidc_issuer: 'oidc_issuers:read',
} as const satisfies Record<string, Scope>

/** What a change is called: the kind and a verb in the past tense. Only the operator's own log tells of tenants. */
export type EventType = `${keyof typeof eventKinds | 'tenant'}.${string}`

import type { TenantIssuer } from './people.repository.ts'

/** What a verified token of an identity provider says. */
export type Claims = Readonly<Record<string, unknown>>

/** Who a person is that signs in through the tenant's own identity provider for the first time. The directory knows. */
export abstract class SignIns {
  /**
   * Makes the identity, or finds the one that the issuer's `identity_match` names, and links the subject to it; called
   * twice for a subject, also at the same time, it gives the same identity. Runs for the tenant of the issuer.
   */
  abstract identityFor(issuer: TenantIssuer, subject: string, claims: Claims): Promise<{ identityId: string }>
}

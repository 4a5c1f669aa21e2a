import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.ts'

/** A tenant's own identity provider: whose tokens it signs, for whom, and what they may do here. */
export interface TenantIssuer {
  readonly id: string
  readonly tenant_id: string
  readonly issuer: string
  readonly audience: string
  readonly jwks_uri: string | null
  readonly jwks: unknown
  readonly subject_claim: string
  readonly groups_claim: string | null
  readonly identity_match: 'none' | 'external_id' | 'email'
  readonly scopes: readonly string[]
}

export interface PersonState {
  readonly identity_id: string
  readonly active: boolean
  readonly authorities: readonly string[]
}

/** Who a token speaks of. Read anew for each request, as API keys are. */
@Injectable()
export class PeopleRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * The context's tenant's; in the operator's context one of each tenant, at most eight. The oldest, so that nobody who
   * registers an issuer later takes the place of somebody.
   */
  issuers(issuer: string, audiences: readonly string[]): Promise<TenantIssuer[]> {
    const text = `
      select id, tenant_id, issuer, audience, jwks_uri, jwks, subject_claim, groups_claim, identity_match, scopes
      from (
        select distinct on (o.tenant_id) o.*
        from oidc_issuers o join tenants n on n.id = o.tenant_id and n.deleted_at is null
        where o.issuer = $1 and o.audience = any($2::text[])
        order by o.tenant_id, o.created_at, o.id
      ) oldest
      order by created_at, id limit 8`
    return this.#database.query({ text, values: [issuer, [...audiences]] })
  }

  async personOfSubject(issuerId: string, subject: string): Promise<PersonState | undefined> {
    const text = `
      select i.id as identity_id, i.lifecycle_state = 'active' as active, i.authorities
      from identity_links l join identities i on i.tenant_id = l.tenant_id and i.id = l.identity_id
      where l.issuer_id = $1::uuid and l.subject = $2`
    const [row] = await this.#database.query<PersonState>({ text, values: [issuerId, subject] })
    return row
  }

  async person(identityId: string): Promise<PersonState | undefined> {
    const text = `
      select i.id as identity_id, i.lifecycle_state = 'active' as active, i.authorities
      from identities i join tenants n on n.id = i.tenant_id and n.deleted_at is null
      where i.id = $1::uuid`
    const [row] = await this.#database.query<PersonState>({ text, values: [identityId] })
    return row
  }
}

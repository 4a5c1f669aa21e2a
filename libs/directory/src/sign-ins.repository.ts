import { Injectable } from '@nestjs/common'
import { columns, Database, readOne, sql, time, type Projection } from '#platform'

export interface NewIdentity {
  readonly id: string
  readonly name: string
  readonly email: string | null
}

// What the event of a new identity carries.
const projection: Projection = {
  table: 'identities',
  fields: {
    ...columns('id', 'name', 'email', 'manager_id', 'lifecycle_state', 'attributes', 'external_id'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
    ...columns('version'),
  },
}

@Injectable()
export class SignInsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Until the transaction ends nobody else links this subject. */
  async lockSubject(issuerId: string, subject: string): Promise<void> {
    const name = JSON.stringify([issuerId, subject])
    await this.#database.query(
      sql`select 1 as held from pg_advisory_xact_lock(hashtextextended(${name}::text, 1))`.toStatement(),
    )
  }

  async linkedIdentity(issuerId: string, subject: string): Promise<string | null> {
    const link = await this.#database.prisma.identity_links.findFirst({ where: { issuer_id: issuerId, subject } })
    return link?.identity_id ?? null
  }

  /** The identity, when it is the only one and nobody of this issuer has become it yet. */
  async unlinked(issuerId: string, by: { external_id: string } | { email: string }): Promise<string | null> {
    const matches =
      'email' in by ? sql`lower(i.email) = lower(${by.email}::text)` : sql`i.external_id = ${by.external_id}::text`
    const statement = sql`
      select i.id::text as id, exists (
        select from identity_links l
        where l.tenant_id = i.tenant_id and l.identity_id = i.id and l.issuer_id = ${issuerId}::uuid) as linked
      from identities i where ${matches} order by i.id limit 2 for update`
    const [first, ...others] = await this.#database.query<{ id: string; linked: boolean }>(statement.toStatement())
    return first && !first.linked && others.length === 0 ? first.id : null
  }

  async insert(identity: NewIdentity): Promise<object> {
    await this.#database.prisma.identities.create({ data: identity })
    const made = await readOne<object>(this.#database, projection, [sql`t.id = ${identity.id}::uuid`])
    return made ?? identity
  }

  async link(issuerId: string, subject: string, identityId: string): Promise<void> {
    await this.#database.prisma.identity_links.create({
      data: { issuer_id: issuerId, subject, identity_id: identityId },
    })
  }
}

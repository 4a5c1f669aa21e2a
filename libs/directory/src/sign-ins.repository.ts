import { Injectable } from '@nestjs/common'
import { Database, readOne, sql } from '#platform'
import { identityKind } from './identities/identities.fields.ts'

export interface NewIdentity {
  readonly id: string
  readonly name: string
  readonly email: string | null
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

  /**
   * The identity, when it is the only one and free: nobody of this issuer has become it yet, and by its e-mail, which
   * whoever signs in brings along, nobody at all. Letters outside of ASCII that are merely alike do not match.
   */
  async unlinked(issuerId: string, by: { external_id: string } | { email: string }): Promise<string | null> {
    const [matches, taken] =
      'email' in by
        ? // The index finds more than match: it folds letters that are merely alike.
          [
            sql`i.email_key = fold(${by.email}::text) and lower(i.email collate "C") = lower(${by.email}::text collate "C")`,
            sql`true`,
          ]
        : [sql`i.external_id = ${by.external_id}::text`, sql`l.issuer_id = ${issuerId}::uuid`]
    const statement = sql`
      select i.id::text as id, exists (
        select from identity_links l
        where l.tenant_id = i.tenant_id and l.identity_id = i.id and ${taken}) as linked
      from identities i where ${matches} order by i.id limit 2 for update`
    const [first, ...others] = await this.#database.query<{ id: string; linked: boolean }>(statement.toStatement())
    return first && !first.linked && others.length === 0 ? first.id : null
  }

  async insert(identity: NewIdentity): Promise<object> {
    await this.#database.prisma.identities.create({ data: identity })
    const made = await readOne<object>(this.#database, identityKind.projection, [sql`t.id = ${identity.id}::uuid`])
    return made ?? identity
  }

  async link(issuerId: string, subject: string, identityId: string): Promise<void> {
    await this.#database.prisma.identity_links.create({
      data: { issuer_id: issuerId, subject, identity_id: identityId },
    })
  }
}

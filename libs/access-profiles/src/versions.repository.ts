import { Injectable } from '@nestjs/common'
import {
  Database,
  Prisma,
  raw,
  readOne,
  readPage,
  sql,
  type PageText,
  type PageRequest,
  type Projection,
} from '#platform'
import { versionProjection } from './access-profiles.fields.ts'
import type { Contents } from './contents.ts'
import type { AccessProfileVersion } from './versions.dto.ts'

export interface NewVersion {
  readonly profile_id: string
  readonly number: number
  readonly created_by: string
  /** null: a draft */
  readonly published_at: Date | null
  readonly access_request_policy_id: string | null
  readonly contents: Contents
}

const highestFirst = {
  keys: [{ expression: raw('t.number'), type: 'bigint' }],
  descending: true,
} as const

@Injectable()
export class VersionsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(profileId: string, page: PageRequest, view: Projection = versionProjection): Promise<PageText> {
    return readPage(this.#database, view, page, [sql`t.profile_id = ${profileId}::uuid`], { profileId }, highestFirst)
  }

  find<T = AccessProfileVersion>(
    profileId: string,
    number: number,
    view: Projection = versionProjection,
  ): Promise<T | null> {
    return readOne<T>(this.#database, view, [sql`t.profile_id = ${profileId}::uuid`, sql`t.number = ${number}::int`])
  }

  async exists(profileId: string, number: number): Promise<boolean> {
    const rows = await this.#database.query(
      sql`select 1 as found from access_profile_versions where profile_id = ${profileId}::uuid and number = ${number}::int`.toStatement(),
    )
    return rows.length > 0
  }

  /** The policy for requests that the published version names itself. */
  async publishedPolicy(profileId: string): Promise<string | null> {
    const [row] = await this.#database.query<{ policy: string | null }>(
      sql`select access_request_policy_id::text as policy from access_profile_versions
        where profile_id = ${profileId}::uuid and state = 'published'`.toStatement(),
    )
    return row?.policy ?? null
  }

  async lastNumber(profileId: string): Promise<number> {
    const [row] = await this.#database.query<{ last: number }>(
      sql`select coalesce(max(number), 0) as last from access_profile_versions where profile_id = ${profileId}::uuid`.toStatement(),
    )
    return row?.last ?? 0
  }

  /** What is published from the first was made at that moment, not behind it. */
  async insertAll(versions: readonly NewVersion[]): Promise<void> {
    await this.#database.prisma.access_profile_versions.createMany({
      data: versions.map(({ contents, ...version }) => ({
        ...version,
        ...(version.published_at && { created_at: version.published_at }),
        state: version.published_at === null ? 'draft' : 'published',
        published_by: version.published_at === null ? null : version.created_by,
        ...application(contents),
      })),
    })
    await this.#insertContents(versions)
  }

  async replace(profileId: string, number: number, contents: Contents, policyId: string | null): Promise<void> {
    const where = { profile_id: profileId, number }
    await this.#database.prisma.access_profile_versions.updateMany({
      where,
      data: { ...application(contents), access_request_policy_id: policyId },
    })
    await this.#database.prisma.access_profile_entitlements.deleteMany({ where })
    await this.#database.prisma.access_profile_parents.deleteMany({ where })
    await this.#insertContents([{ ...where, contents }])
  }

  async publish(profileId: string, number: number, by: string, at: Date): Promise<void> {
    const where = { profile_id: profileId, number }
    await this.#database.prisma.access_profile_versions.updateMany({
      where,
      data: { state: 'published', published_by: by, published_at: at },
    })
  }

  /** What a retired version gave is kept on it, so that it holds on to nothing any more. */
  async retire(versions: readonly { readonly profile_id: string; readonly number: number }[]): Promise<void> {
    if (versions.length === 0) return
    const these = sql`jsonb_to_recordset(${JSON.stringify(versions)}::text::jsonb) as r(profile_id uuid, number int)`
    await this.#database.query(
      sql`update access_profile_versions t set state = 'retired', retired_contents = jsonb_build_object(
          'entitlements', (select coalesce(jsonb_agg(jsonb_build_object('entitlement_id', x.entitlement_id, 'details', x.details)
            order by x.position), '[]') from access_profile_entitlements x where x.profile_id = t.profile_id and x.number = t.number),
          'inherits', (select coalesce(jsonb_agg(x.parent_id order by x.position), '[]')
            from access_profile_parents x where x.profile_id = t.profile_id and x.number = t.number))
        from ${these} where t.profile_id = r.profile_id and t.number = r.number`.toStatement(),
    )
    for (const table of ['access_profile_entitlements', 'access_profile_parents'])
      await this.#database.query(
        sql`delete from ${raw(table)} t using ${these} where t.profile_id = r.profile_id and t.number = r.number`.toStatement(),
      )
  }

  async #insertContents(versions: readonly Pick<NewVersion, 'profile_id' | 'number' | 'contents'>[]): Promise<void> {
    const entitlements = versions.flatMap(({ profile_id, number, contents }) =>
      contents.entitlements.map((each, position) => ({ profile_id, number, position, ...each })),
    )
    const parents = versions.flatMap(({ profile_id, number, contents }) =>
      contents.inherits.map((parent_id, position) => ({ profile_id, number, position, parent_id })),
    )
    if (entitlements.length > 0)
      await this.#database.query(
        sql`insert into access_profile_entitlements (profile_id, number, entitlement_id, position, details)
          select profile_id, number, entitlement_id, position, details
          from jsonb_to_recordset(${JSON.stringify(entitlements)}::text::jsonb)
            as r(profile_id uuid, number int, entitlement_id uuid, position int, details jsonb)`.toStatement(),
      )
    if (parents.length > 0)
      await this.#database.query(
        sql`insert into access_profile_parents (profile_id, number, parent_id, position)
          select profile_id, number, parent_id, position
          from jsonb_to_recordset(${JSON.stringify(parents)}::text::jsonb)
            as r(profile_id uuid, number int, parent_id uuid, position int)`.toStatement(),
      )
  }
}

function application({ application_datasource_id, application_sync_identity_action: action }: Contents) {
  return {
    application_datasource_id,
    application_sync_identity_action: action === null ? Prisma.DbNull : (action as Prisma.InputJsonObject),
  }
}

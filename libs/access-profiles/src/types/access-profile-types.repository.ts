import { Injectable } from '@nestjs/common'
import {
  Database,
  Prisma,
  readAll,
  readOne,
  readPage,
  sql,
  type PageText,
  type PageRequest,
  type Projection,
} from '#platform'
import type { AccessProfileType, AccessProfileTypeFields } from './access-profile-types.dto.ts'
import { effectiveEntitlements } from '../access-profiles.fields.ts'
import type { Contents } from '../contents.ts'
import { typeOf, typeProjection } from './access-profile-types.fields.ts'
import type { TypedContents } from './type-rules.ts'

/** Something with the contents of a version. */
interface Versioned {
  readonly contents: Contents
}

type Given = Pick<TypedContents, 'parents' | 'count' | 'sources' | 'integrations'>

const nothing: Omit<Given, 'parents'> = { count: 0, sources: [], integrations: [] }

@Injectable()
export class AccessProfileTypesRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(page: PageRequest, view: Projection): Promise<PageText> {
    return readPage(this.#database, view, page, [], null)
  }

  find<T = AccessProfileType>(id: string, view: Projection = typeProjection): Promise<T | null> {
    return readOne(this.#database, view, [sql`t.id = ${id}::uuid`])
  }

  async findAll(ids: readonly string[]): Promise<ReadonlyMap<string, AccessProfileType>> {
    if (ids.length === 0) return new Map()
    const found = await readAll<AccessProfileType>(this.#database, typeProjection, [
      sql`t.id = any(${[...ids]}::uuid[])`,
    ])
    return new Map(found.map((type) => [type.id, type]))
  }

  /** As it stands once nobody else changes it or names it any more, until the transaction ends. */
  async lock(id: string): Promise<AccessProfileType | null> {
    await this.#database.query(
      sql`select 1 as locked from access_profile_types t where t.id = ${id}::uuid for update`.toStatement(),
    )
    return this.find(id)
  }

  /** Those of the ids that no type has; those that one has are not deleted before the transaction ends. */
  async missing(ids: readonly string[]): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      sql`select t.id::text as id from access_profile_types t where t.id = any(${ids}::uuid[])
        order by t.id for key share`.toStatement(),
    )
    const found = new Set(rows.map(({ id }) => id))
    return ids.filter((id) => !found.has(id))
  }

  /** The types that let their profiles inherit from those of this one, by name. */
  async heirs(id: string): Promise<string[]> {
    const rows = await this.#database.query<{ name: string }>(
      sql`select t.name from access_profile_types t where ${id}::uuid = any(t.allow_inherited_from_types) and t.id <> ${id}::uuid
        order by t.name limit 5`.toStatement(),
    )
    return rows.map(({ name }) => name)
  }

  /** The ids of the types that put an integration before the names of their profiles. */
  async prefixing(): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      sql`select t.id::text as id from access_profile_types t where t.add_integration_prefix_to_access_profile_names`.toStatement(),
    )
    return rows.map(({ id }) => id)
  }

  /** The versions, each with what it would give. */
  async withGiven<T extends Versioned>(versions: readonly T[]): Promise<(T & { readonly given: Given })[]> {
    if (versions.length === 0) return []
    const asked = versions.map(({ contents: { entitlements, inherits } }, n) => ({
      n,
      entitlements: entitlements.map(({ entitlement_id }) => entitlement_id),
      parents: inherits,
    }))
    const parentIds = [...new Set(asked.flatMap(({ parents }) => parents))]
    const parents = await this.#database.query<Given['parents'][number]>(
      sql`select p.id::text as id, p.name, (${typeOf('p')})::text as type_id from access_profiles p
        where p.id = any(${parentIds}::uuid[]) order by p.name`.toStatement(),
    )
    const rows = await this.#database.query<{ n: number } & Omit<Given, 'parents'>>(
      sql`with asked as (
          select * from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) v (n int, entitlements uuid[], parents uuid[])
        ), given (n, id) as (
          select n, unnest(entitlements) from asked
          union
          select a.n, g.entitlement_id from asked a cross join unnest(a.parents) parent (id)
            join (${effectiveEntitlements(sql`p.id = any(${parentIds}::uuid[])`)}) g on g.profile_id = parent.id
        )
        select g.n, count(*)::int as count, array_agg(distinct e.source_id::text) as sources,
          array_agg(distinct upper(s.connector)) as integrations
        from given g join entitlements e on e.id = g.id join sources s on s.id = e.source_id group by g.n`.toStatement(),
    )
    const given = new Map(rows.map(({ n, ...each }) => [n, each]))
    return versions.map((version, n) => {
      const own = new Set(version.contents.inherits)
      return { ...version, given: { ...(given.get(n) ?? nothing), parents: parents.filter(({ id }) => own.has(id)) } }
    })
  }

  async insert(id: string, fields: AccessProfileTypeFields, by: string): Promise<void> {
    await this.#database.prisma.access_profile_types.create({ data: { id, ...columns(fields), created_by: by } })
  }

  async update(id: string, fields: AccessProfileTypeFields): Promise<void> {
    await this.#database.prisma.access_profile_types.updateMany({ where: { id }, data: columns(fields) })
  }

  async remove(id: string): Promise<void> {
    await this.#database.prisma.access_profile_types.deleteMany({ where: { id } })
  }
}

function columns({ create_entitlements, ...fields }: AccessProfileTypeFields): Omit<
  AccessProfileTypeFields,
  'create_entitlements'
> & {
  create_entitlements: Prisma.InputJsonArray
} {
  return { ...fields, create_entitlements: create_entitlements as unknown as Prisma.InputJsonArray }
}

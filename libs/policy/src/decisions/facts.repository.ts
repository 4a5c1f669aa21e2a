import { Injectable } from '@nestjs/common'
import { Database, sql } from '#platform'
import type { PolicySet } from '../policy-sets.repository.ts'
import { entitlementFacts, holdersOf, profileFacts, referringFacts, sourceFacts } from './facts.fields.ts'

/** A person, as far as policies are concerned. */
export interface PersonFacts {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly external_id: string | null
  readonly manager_id: string | null
  readonly lifecycle_state: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly groups: readonly GroupFacts[]
}

export interface GroupFacts {
  readonly id: string
  readonly name: string
}

export interface SourceFacts {
  readonly id: string
  readonly name: string
  readonly connector: string
  readonly owner_id: string | null
  readonly attributes: Readonly<Record<string, unknown>>
}

export interface ProfileFacts {
  readonly id: string
  readonly name: string
  readonly owner_id: string | null
  readonly source_id: string | null
  readonly labels: readonly string[]
  readonly custom_properties: Readonly<Record<string, unknown>>
}

export interface EntitlementFacts {
  readonly id: string
  readonly name: string
  readonly action: string | null
  readonly privileged: boolean
  readonly resource_type: string | null
  readonly resource_id: string | null
  readonly attributes: Readonly<Record<string, unknown>>
  readonly source: SourceFacts
  /** The running profiles whose published version gives it, inherited or not. */
  readonly profiles: readonly ProfileFacts[]
}

/** What a decision needs to know: read in one statement, with the version of what decides. */
export interface Facts extends PolicySet {
  /** The database's time, in the form of the wire. */
  readonly now: string
  readonly person: PersonFacts | null
  /** The groups that the question names, by id or by name. */
  readonly groups: readonly GroupFacts[]
  readonly entitlements: readonly EntitlementFacts[]
  readonly profile: ProfileFacts | null
  readonly source: SourceFacts | null
}

/** Which rows a question is about; null where it is about none. */
export interface FactsWanted {
  readonly person_id: string | null
  readonly groups: readonly string[]
  readonly entitlement_id: string | null
  /** A resource that entitlements may be on, in the words of grants. */
  readonly resource_type: string | null
  readonly resource_id: string | null
  readonly profile_id: string | null
  readonly source_id: string | null
}

// More entitlements on one resource than this tell nothing about which one is meant.
const mostEntitlements = 50

@Injectable()
export class FactsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The facts of each question, in their order, all of one moment. */
  read(wanted: readonly FactsWanted[]): Promise<Facts[]> {
    return this.#database.query<Facts>(
      sql`
      select coalesce(ps.version, 0) as version, coalesce(ps.schema_version, 1) as schema_version,
        wire_time(app_now()) as now,
        (select json_build_object('id', i.id, 'name', i.name, 'email', i.email, 'external_id', i.external_id,
            'manager_id', i.manager_id, 'lifecycle_state', i.lifecycle_state, 'attributes', i.attributes,
            'groups', (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name)), '[]')
              from group_members m join groups g on g.id = m.group_id where m.identity_id = i.id))
          from identities i where i.id = w.person_id) as person,
        (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name)), '[]') from (
            select id, name from groups where name = any(w.groups)
            union
            select id, name from groups where id = any(array(
              select given::uuid from unnest(w.groups) given
              where given ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'))) g) as groups,
        (select coalesce(json_agg(${entitlementFacts}), '[]')
          from (
            select * from entitlements where id = w.entitlement_id
            union all
            (select * from entitlements where resource_type = w.resource_type and resource_id = w.resource_id
              limit ${mostEntitlements}::int)
          ) e join sources s on s.id = e.source_id) as entitlements,
        (select ${profileFacts('p')} from access_profiles p where p.id = w.profile_id) as profile,
        (select ${sourceFacts('s')} from sources s where s.id = w.source_id) as source
      from jsonb_to_recordset(${JSON.stringify(wanted.map((each, n) => ({ ...each, n })))}::text::jsonb) as w(n int,
          person_id uuid, groups text[], entitlement_id uuid, resource_type text, resource_id text, profile_id uuid,
          source_id uuid)
        left join policy_sets ps on true
      order by w.n`.toStatement(),
    )
  }

  /** The facts of many entitlements, by their ids; a source and a profile that several have are read once. */
  async entitlements(ids: readonly string[]): Promise<EntitlementFacts[]> {
    const [row] = await this.#database.query<Referring>(
      sql`
      with held as materialized (${holdersOf(sql`= any(${[...ids]}::uuid[])`)}),
      asked as (select * from entitlements where id = any(${[...ids]}::uuid[]))
      select (select coalesce(json_agg(${referringFacts}), '[]') from asked e left join (
            select entitlement_id, json_agg(profile_id) as profile_ids from held group by entitlement_id
          ) h on h.entitlement_id = e.id) as entitlements,
        (select coalesce(json_agg(${sourceFacts('s')}), '[]') from sources s
          where s.id in (select source_id from asked)) as sources,
        (select coalesce(json_agg(${profileFacts('p')}), '[]') from access_profiles p
          where p.id in (select profile_id from held)) as profiles`.toStatement(),
    )
    const { entitlements = [], sources = [], profiles = [] } = row ?? {}
    const [sourceOf, profileOf] = [byId(sources), byId(profiles)]
    return entitlements.flatMap(({ source_id, profile_ids, ...own }) => {
      const source = sourceOf.get(source_id)
      return source ? [{ ...own, source, profiles: profile_ids.flatMap((id) => profileOf.get(id) ?? []) }] : []
    })
  }
}

/** Facts that name each other by their ids. */
interface Referring {
  readonly entitlements: readonly (Omit<EntitlementFacts, 'source' | 'profiles'> & {
    readonly source_id: string
    readonly profile_ids: readonly string[]
  })[]
  readonly sources: readonly SourceFacts[]
  readonly profiles: readonly ProfileFacts[]
}

function byId<T extends { readonly id: string }>(facts: readonly T[]): ReadonlyMap<string, T> {
  return new Map(facts.map((fact) => [fact.id, fact]))
}

import { Injectable } from '@nestjs/common'
import { effectiveEntitlements } from '#access-profiles'
import { segmentsOf } from '#directory'
import { accountOf, isLive } from '#grants'
import { Database, raw, sql, type Fragment } from '#platform'
import type { HeldAccess } from './profiles.ts'

/** An account and permission set that a person does not hold and that access profiles offer, with what gives it. */
export interface OfferedAccess extends HeldAccess {
  readonly entitlement_ids: readonly string[]
}

/** On an account the action is the permission set; a permission set's account and name are its entitlement's. */
const accountOfEntitlement = raw(`case e.resource_type when 'aws_account' then e.resource_id
  else e.attributes->>'account_id' end`)
const roleOfEntitlement = raw(`coalesce(e.attributes->>'permission_set_name',
  case e.resource_type when 'aws_account' then e.action else e.name end)`)

/** Whatever has no account, or no role that AWS could name, has no AWS profile. */
const isProfile = raw(`account_id ~ '^[0-9]{12}$' and role_name ~ '^[a-zA-Z0-9_+=,.@][a-zA-Z0-9_+=,.@-]*$'`)

// The name ends up in a file and in a command line of the person's: what is more than a word becomes a dash.
const label = raw(`nullif(ltrim(regexp_replace(account_name, '[^[:alnum:]_.@]+', '-', 'g'), '-'), '')`)

/**
 * What the sources of the rows `from` say of signing in, and the names of their accounts. The document of a source can be
 * large, so it is opened once and not for each of its accounts.
 */
const settingsOf = (from: string): Fragment =>
  raw(`settings as materialized (
    select s.id as source_id, s.aws->>'sso_start_url' as sso_start_url, s.aws->>'sso_region' as sso_region, s.aws->'accounts' as accounts
    from sources s where s.id in (${from})
  ),
  accounts as materialized (
    select distinct on (1, 2) s.source_id, a.value->>'id' as account_id, a.value->>'name' as account_name
    from settings s cross join lateral jsonb_array_elements(s.accounts) with ordinality a (value, n)
    order by 1, 2, a.n
  )`)

/** Rows of a source, an account and a role that make a profile, with what the source says of them. */
const profilesAmong = (rows: string): Fragment => sql`${raw(rows)} c
  left join settings using (source_id) left join accounts using (source_id, account_id) where ${isProfile}`

/** The label, told apart from those of other accounts, also of one whose name ends as those that are told apart do. */
const uniqueLabel = raw(`case when label is null then account_id
  when min(account_id) over (partition by label) <> max(account_id) over (partition by label)
    or label ~ '(^|-)[0-9]{12}$' then label || '-' || account_id
  else label end`)

/**
 * The accounts and permission sets that the person's live grants give, each once, with the source that says how to sign in: the
 * entitlement's, or without one the first that lists the account.
 */
const accessOf = (identityId: string): Fragment => sql`
  select account_id, role_name, coalesce(source_id, (
    select s.id from sources s
    where s.aws is not null and s.aws->'accounts' @> jsonb_build_array(jsonb_build_object('id', account_id))
    order by s.id limit 1
  )) as source_id
  from (
    select distinct on (1, 2)
      case t.resource_type when 'aws_account' then t.resource_id
        else ${accountOf('t', 'e')} end as account_id,
      case t.resource_type when 'aws_account' then coalesce(e.attributes->>'permission_set_name', t.action)
        else coalesce(e.attributes->>'permission_set_name', e.name, t.metadata->>'permission_set_name') end as role_name,
      s.id as source_id
    from grants t left join entitlements e on e.id = t.entitlement_id
      left join sources s on s.id = e.source_id and s.aws is not null
    where t.grantee_id = ${identityId}::uuid and t.resource_type in ('aws_account', 'aws_permission_set') and ${isLive}
    order by 1, 2, s.id
  ) held`

/** What the object in `table` may be seen by: it is in none of the active segments, or in one of the person's. */
const isVisible = (table: string, column: string, object: string): Fragment =>
  raw(`(not exists (select from ${table} x join segments s on s.id = x.segment_id and s.active where x.${column} = ${object})
    or exists (select from ${table} x where x.${column} = ${object} and x.segment_id in (select id from mine)))`)

const offering = sql`p.state = 'running' and p.requestable and p.published_version is not null
  and ${isVisible('access_profile_segments', 'profile_id', 'p.id')}`

@Injectable()
export class RegistryRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** What the person holds, by account and role, behind `after`. */
  held(identityId: string, limit: number, after: readonly string[] | null): Promise<HeldAccess[]> {
    const [accountId = '', roleName = ''] = after ?? []
    return this.#database.query<HeldAccess>(
      sql`
      with access as (${accessOf(identityId)}), ${settingsOf('select source_id from access')},
      named as (
        select account_id, role_name, sso_start_url, sso_region, ${label} as label from ${profilesAmong('access')}
      )
      select * from (
        select account_id, role_name, sso_start_url, sso_region, ${uniqueLabel} as account_label from named
      ) labelled
      where (account_id, role_name) > (${accountId}, ${roleName} collate "C")
      order by account_id, role_name collate "C" limit ${limit}::int`.toStatement(),
    )
  }

  /**
   * What running, requestable access profiles that the person can see offer and the person does not hold, by account and
   * role, behind `after`.
   */
  offered(identityId: string, limit: number, after: readonly string[] | null): Promise<OfferedAccess[]> {
    const [accountId = '', roleName = ''] = after ?? []
    return this.#database.query<OfferedAccess>(
      sql`
      with mine as (select s.id ${segmentsOf(identityId)}),
      access as (${accessOf(identityId)}),
      candidates as materialized (
        select e.id, e.source_id, ${accountOfEntitlement} as account_id, ${roleOfEntitlement} as role_name
        from entitlements e
        where e.resource_type in ('aws_account', 'aws_permission_set')
          -- An array, so that it is made once whatever the planner expects of it.
          and e.id = any(array(select entitlement_id from (${effectiveEntitlements(offering)}) offered))
          and ${isVisible('entitlement_segments', 'entitlement_id', 'e.id')}
      ),
      ${settingsOf('select source_id from candidates union select source_id from access')},
      named as (
        select account_id, role_name, min(sso_start_url) as sso_start_url, min(sso_region) as sso_region,
          min(${label}) as label, array_agg(c.id order by c.id) as entitlement_ids, false as held
        from ${profilesAmong('candidates')}
          and not exists (select from access a where a.account_id = c.account_id and a.role_name = c.role_name)
        group by account_id, role_name
        union all
        select account_id, role_name, null, null, ${label}, null, true from ${profilesAmong('access')}
      )
      select account_id, role_name, sso_start_url, sso_region, account_label, to_json(entitlement_ids) as entitlement_ids
      from (
        select account_id, role_name, sso_start_url, sso_region, entitlement_ids, held, ${uniqueLabel} as account_label
        from named
      ) labelled
      where not held and (account_id, role_name) > (${accountId}, ${roleName} collate "C")
      order by account_id, role_name collate "C" limit ${limit}::int`.toStatement(),
    )
  }
}

import { Injectable } from '@nestjs/common'
import { isLive } from '#grants'
import { Database, sql } from '#platform'
import type { HeldAccess } from './profiles.ts'

@Injectable()
export class RegistryRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * The accounts and permission sets that the person's live grants give, each once, by account and role, behind `after`.
   * A permission set's account and name are its entitlement's, or else the grant's metadata; on an account the action is
   * the permission set. Whatever has no account, or no role that AWS could
   * name, has no AWS profile and is left out.
   */
  held(identityId: string, limit: number, after: readonly string[] | null): Promise<HeldAccess[]> {
    const [accountId = '', roleName = ''] = after ?? []
    return this.#database.query<HeldAccess>(
      sql`
      with access as (
        select distinct on (1, 2)
          case t.resource_type when 'aws_account' then t.resource_id
            else coalesce(e.attributes->>'account_id', t.metadata->>'account_id') end as account_id,
          case t.resource_type when 'aws_account' then coalesce(e.attributes->>'permission_set_name', t.action)
            else coalesce(e.attributes->>'permission_set_name', e.name, t.metadata->>'permission_set_name') end as role_name,
          s.aws
        from grants t
          left join entitlements e on e.id = t.entitlement_id
          left join sources s on s.id = e.source_id
        where t.grantee_id = ${identityId}::uuid and t.resource_type in ('aws_account', 'aws_permission_set') and ${isLive}
        order by 1, 2, s.id
      ),
      named as (
        select account_id, role_name, aws->>'sso_start_url' as sso_start_url, aws->>'sso_region' as sso_region,
          -- The name ends up in a file and in a command line of the person's: what is more than a word becomes a dash.
          (select nullif(ltrim(regexp_replace(account->>'name', '[^[:alnum:]_.@]+', '-', 'g'), '-'), '')
            from jsonb_array_elements(aws->'accounts') account where account->>'id' = account_id limit 1) as label
        from access where account_id ~ '^[0-9]{12}$' and role_name ~ '^[a-zA-Z0-9_+=,.@][a-zA-Z0-9_+=,.@-]*$'
      )
      select account_id, role_name, sso_start_url, sso_region,
        case when label is null then account_id
          when exists (select from named other where other.label = named.label and other.account_id <> named.account_id)
            then label || '-' || account_id
          else label end as account_label
      from named
      where (account_id, role_name) > (${accountId}, ${roleName})
      order by account_id, role_name limit ${limit}::int`.toStatement(),
    )
  }
}

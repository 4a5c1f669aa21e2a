import { Injectable } from '@nestjs/common'
import { Database, raw, sql } from '#platform'
import { linked } from './engine/links.ts'
import type { PolicyJson } from './engine/cedar.ts'
import type { LiveRule } from './engine/types.ts'
import { linkValues, type StoredLink } from './policies/policy-document.ts'

/** What names the live policies and the schema of a tenant. */
export interface PolicySet {
  /** Grows with each save of a policy or of the schema; 0 before the first one. */
  readonly version: number
  /** Names what the tenant adds to the built-in schema: `schemaText`. */
  readonly schema_version: number
}

/** A tenant that has written nothing yet. */
const unwritten: PolicySet = { version: 0, schema_version: 1 }

/** A rule of an enabled policy, or a template's link, with what its template is. */
interface StoredRule {
  readonly policy_id: string
  readonly rule_id: string
  readonly link_id: string | null
  readonly priority: number
  readonly ordinal: number
  readonly policy_json: PolicyJson
  readonly principal_type: string | null
  readonly principal_id: string | null
  readonly resource_type: string | null
  readonly resource_id: string | null
}

@Injectable()
export class PolicySetsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async read(): Promise<PolicySet> {
    const [set] = await this.#database.query<PolicySet>(
      raw('select version, schema_version from policy_sets').toStatement(),
    )
    return set ?? unwritten
  }

  /** Gives the set its next version. Whoever else saves a policy or the schema of the tenant waits for this transaction. */
  async advance(): Promise<PolicySet> {
    const [set] = await this.#database.query<PolicySet>(
      raw(`insert into policy_sets as s default values
        on conflict (tenant_id) do update set updated_at = excluded.updated_at
        returning version, schema_version`).toStatement(),
    )
    return set ?? unwritten
  }

  /** What the tenant added to the built-in schema in a version, as it was written; the first adds nothing. */
  async schemaText(version: number): Promise<string> {
    const [saved] = await this.#database.query<{ text: string }>(
      sql`select text from policy_schemas where number = ${version}::int`.toStatement(),
    )
    return saved?.text ?? ''
  }

  /** The row is there: `advance` has made it. Gives the number of the new schema. */
  async saveSchema(text: string, actor: { type: string; id: string }): Promise<number> {
    const [saved] = await this.#database.query<{ number: number }>(
      sql`with saved as (
          update policy_sets set schema_version = schema_version + 1 returning schema_version
        )
        insert into policy_schemas (number, text, actor_type, actor_id)
        select schema_version, ${text}, ${actor.type}, ${actor.id} from saved
        returning number`.toStatement(),
    )
    return saved?.number ?? 0
  }

  /**
   * The rules of the enabled policies, links filled in, as they are at this moment; templates that are not linked decide
   * nothing. Those of the policies in `except` are left out.
   */
  async liveRules(except: readonly string[] = []): Promise<LiveRule[]> {
    const rules = await this.#database.query<StoredRule>(
      sql`select r.policy_id::text as policy_id, r.id::text as rule_id, l.id::text as link_id, p.priority, r.ordinal,
          r.policy_json, l.principal_type, l.principal_id, l.resource_type, l.resource_id
        from policies p
          join policy_rules r on r.policy_id = p.id
          left join policy_links l on l.rule_id = r.id
        where p.enabled and (r.slots = '{}' or l.id is not null) and p.id <> all(${except}::uuid[])
        order by p.priority desc, p.created_at, p.id, r.ordinal, r.id, l.id`.toStatement(),
    )
    return rules.map((rule, ordinal) => ({
      id: [rule.policy_id, rule.rule_id, ...(rule.link_id === null ? [] : [rule.link_id])].join('/'),
      priority: rule.priority,
      ordinal,
      json: rule.link_id === null ? rule.policy_json : linked(rule.policy_json, linkValues(rule)),
    }))
  }

  /** The text of every rule and template, also of policies that are not enabled. */
  sources(): Promise<{ id: string; policy_id: string; policy_text: string; template: boolean }[]> {
    return this.#database.query(
      raw(`select id::text as id, policy_id::text as policy_id, policy_text, slots <> '{}' as template
        from policy_rules`).toStatement(),
    )
  }

  /** Every link, also of policies that are not enabled. */
  links(): Promise<StoredLink[]> {
    return this.#database.query(
      raw(`select id::text as id, rule_id::text as rule_id, principal_type, principal_id, resource_type, resource_id
        from policy_links`).toStatement(),
    )
  }

  /** What all policies hold: rules and links, and the characters of the rules. */
  async size(): Promise<{ count: number; characters: number }> {
    const [row] = await this.#database.query<{ count: number; characters: number }>(
      raw(`select (count(*) + (select count(*) from policy_links))::int as count,
          coalesce(sum(length(policy_text)), 0)::int as characters
        from policy_rules`).toStatement(),
    )
    return row ?? { count: 0, characters: 0 }
  }
}

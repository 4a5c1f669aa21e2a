import { Injectable } from '@nestjs/common'
import { isDeepStrictEqual } from 'node:util'
import type { Actor } from '#kernel'
import {
  Database,
  raw,
  readOne,
  readPage,
  sql,
  type Fragment,
  type JsonText,
  type PageRequest,
  type Prisma,
} from '#platform'
import type { StoredRule } from '../rules/rule-forms.ts'
import type { Policy } from './policies.dto.ts'
import { policyProjection } from './policies.fields.ts'
import type { PolicyDocument, StoredLink } from './policy-document.ts'

interface Kept {
  readonly id: string
}

@Injectable()
export class PoliciesRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, policyProjection, page, [], null)
  }

  find(id: string): Promise<Policy | null> {
    return readOne(this.#database, policyProjection, [sql`t.id = ${id}::uuid`])
  }

  /** The policy whole, as its version keeps it: read in one piece. */
  async document(id: string): Promise<{ version: number; document: PolicyDocument } | null> {
    const [found] = await this.#database.query<{ version: number; document: PolicyDocument }>(
      sql`select p.version, v.document from policies p
        join policy_versions v on v.policy_id = p.id and v.number = p.version
        where p.id = ${id}::uuid`.toStatement(),
    )
    return found ?? null
  }

  /** The version, with the row locked until the transaction ends. */
  async lock(id: string): Promise<number | null> {
    const [row] = await this.#database.query<{ version: number }>(
      sql`select version from policies where id = ${id}::uuid for update`.toStatement(),
    )
    return row?.version ?? null
  }

  async insert(id: string, { rules, links, ...settings }: PolicyDocument): Promise<void> {
    await this.#database.prisma.policies.create({ data: { id, ...settings } })
    await this.#writeRules(id, [], rules)
    await this.#writeLinks(id, [], links)
  }

  /** Writes what differs; the policy itself always, so that it gets its next version. */
  async replace(id: string, before: PolicyDocument, { rules, links, ...settings }: PolicyDocument): Promise<void> {
    await this.#database.prisma.policies.updateMany({ where: { id }, data: settings })
    const kept = new Set(links.map((link) => link.id))
    const gone = before.links.filter((link) => !kept.has(link.id)).map((link) => link.id)
    if (gone.length > 0) await this.#database.prisma.policy_links.deleteMany({ where: { id: { in: gone } } })
    await this.#writeRules(id, before.rules, rules)
    await this.#writeLinks(id, before.links, links)
  }

  async remove(id: string): Promise<void> {
    await this.#database.prisma.policies.deleteMany({ where: { id } })
  }

  async insertVersion(policy_id: string, number: number, document: PolicyDocument, actor: Actor): Promise<void> {
    await this.#database.prisma.policy_versions.create({
      data: {
        policy_id,
        number,
        document: document as unknown as Prisma.InputJsonValue,
        rule_count: document.rules.length,
        actor_type: actor.type,
        actor_id: actor.id,
      },
    })
  }

  /** A statement for all: Prisma would hold the thread for a second over a thousand rules. */
  async #writeRules(policy_id: string, before: readonly StoredRule[], after: readonly StoredRule[]): Promise<void> {
    const { gone, made, changed } = differences(before, after)
    if (gone.length > 0) await this.#database.prisma.policy_rules.deleteMany({ where: { id: { in: gone } } })
    if (made.length > 0)
      await this.#database.query(
        sql`insert into policy_rules (policy_id, ${ruleColumns})
          select ${policy_id}::uuid, ${ruleColumns} from ${rows(made)}`.toStatement(),
      )
    if (changed.length > 0)
      await this.#database.query(
        sql`update policy_rules t set ${newValues} from ${rows(changed)} where t.id = r.id`.toStatement(),
      )
  }

  async #writeLinks(policy_id: string, before: readonly StoredLink[], after: readonly StoredLink[]): Promise<void> {
    const { made } = differences(before, after)
    if (made.length > 0)
      await this.#database.prisma.policy_links.createMany({ data: made.map((link) => ({ ...link, policy_id })) })
  }
}

const ruleTypes = {
  id: 'uuid',
  ordinal: 'int',
  effect: 'text',
  principal_scope_type: 'text',
  principal_entity_type: 'text',
  principal_entity_id: 'text',
  principal_in_type: 'text',
  principal_in_id: 'text',
  action_scope_type: 'text',
  action_ids: 'text[]',
  resource_scope_type: 'text',
  resource_entity_type: 'text',
  resource_entity_id: 'text',
  resource_in_type: 'text',
  resource_in_id: 'text',
  conditions: 'text',
  annotations: 'jsonb',
  notice: 'text',
  advice: 'text',
  audit_session: 'boolean',
  slots: 'text[]',
  policy_text: 'text',
  policy_json: 'jsonb',
} as const satisfies Record<keyof StoredRule, string>

const ruleNames = Object.keys(ruleTypes)
const ruleColumns = raw(ruleNames.join(', '))
const newValues = raw(ruleNames.map((name) => `${name} = r.${name}`).join(', '))
const ruleRow = raw(ruleNames.map((name) => `${name} ${ruleTypes[name as keyof StoredRule]}`).join(', '))

/** The rules as rows `r`. */
function rows(rules: readonly StoredRule[]): Fragment {
  return sql`jsonb_to_recordset(${JSON.stringify(rules)}::text::jsonb) as r(${ruleRow})`
}

function differences<T extends Kept>(
  before: readonly T[],
  after: readonly T[],
): { gone: string[]; made: T[]; changed: T[] } {
  const [old, kept] = [new Map(before.map((each) => [each.id, each])), new Set(after.map(({ id }) => id))]
  return {
    gone: before.filter(({ id }) => !kept.has(id)).map(({ id }) => id),
    made: after.filter(({ id }) => !old.has(id)),
    changed: after.filter((each) => old.has(each.id) && !isDeepStrictEqual(old.get(each.id), each)),
  }
}

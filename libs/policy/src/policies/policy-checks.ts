import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import type { PolicyJson } from '../engine/cedar.ts'
import { linked } from '../engine/links.ts'
import { PolicyEngine } from '../engine/policy-engine.ts'
import type { Finding } from '../engine/types.ts'
import { fieldError, plainMessage, sentence } from '../findings.ts'
import type { PolicySet } from '../policy-sets.repository.ts'
import { TenantSchemas } from '../schema/tenant-schemas.ts'
import { mostRules } from './policies.dto.ts'
import { linkValues, ruleSet, type PolicyDocument, type PolicyDraft } from './policy-document.ts'
import type { PlaceInBody } from './rule-origins.ts'

/** What a policy must be before it is saved. */
@Injectable()
export class PolicyChecks {
  readonly #engine: PolicyEngine
  readonly #schemas: TenantSchemas

  constructor(engine: PolicyEngine, schemas: TenantSchemas) {
    this.#engine = engine
    this.#schemas = schemas
  }

  /** @throws DomainError `invalid_body` with every finding: what, where, what would be right */
  async check(tenantId: string, draft: PolicyDraft, set: PolicySet): Promise<void> {
    const { document } = draft
    const { default_duration_seconds, max_duration_seconds, rules, links } = document
    if (default_duration_seconds !== null && default_duration_seconds > max_duration_seconds)
      throw fieldError('default_duration_seconds', 'must not be larger than max_duration_seconds')
    if (rules.length + links.length > mostRules)
      throw fieldError('rules', `a policy has at most ${mostRules} rules and links; make another policy`)
    checkStorable(draft)
    checkLinks(document)
    const schema = await this.#schemas.of(tenantId, set)
    const { errors } = await this.#engine.validate(tenantId, ruleSet(draft), schema.document)
    if (errors.length > 0) throw refusal(draft, errors)
  }
}

function checkStorable({ document, origins }: PolicyDraft): void {
  const rule = document.rules.find(({ policy_json }) => holdsNul(policy_json))
  if (!rule) return
  const field = origins.get(rule.id)?.placed(null).field ?? 'rules'
  throw fieldError(field, `rule ${rule.ordinal} holds the NUL character (\\0), which cannot be stored; leave it out`)
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, each]) => name.includes('\0') || holdsNul(each))
}

function checkLinks({ rules, links }: PolicyDocument): void {
  for (const { id, rule_id, ...slots } of links) {
    const template = rules.find((rule) => rule.id === rule_id)
    if (!template || template.slots.length === 0)
      throw new DomainError('invalid_state', `The link ${id} would have no template any more; delete the link first`, {
        link_id: id,
        rule_id,
      })
    linked(template.policy_json as unknown as PolicyJson, linkValues(slots))
  }
}

/** A finding with its place in the body, or in the text of a stored rule. */
interface PlacedFinding extends PlaceInBody {
  readonly rule_id: string | null
  readonly message: string
  readonly help: string | null
}

function refusal(draft: PolicyDraft, errors: readonly Finding[]): DomainError {
  const findings = errors.map((error) => placed(draft, error))
  const fields = findings.map(({ field, message, help, offset }) => ({
    field,
    message: `${field}: ${sentence({ rule_id: null, message, help, place: offset === null ? null : { start: offset, end: offset } })}`,
  }))
  return new DomainError('invalid_body', fields.map(({ message }) => message).join('; '), { fields, findings })
}

function placed({ document, origins }: PolicyDraft, { rule_id, message, help, place }: Finding): PlacedFinding {
  const origin = rule_id === null ? undefined : origins.get(rule_id)
  const stored = document.rules.find(({ id }) => id === rule_id)
  const link = document.links.find(({ id }) => id === rule_id)
  const field = stored ? `rule ${stored.ordinal}` : link ? 'link' : 'rules'
  return {
    ...(origin?.placed(place) ?? { field, offset: place && place.start, end: place && place.end }),
    rule_id: stored && !origin ? stored.id : null,
    message: plainMessage(message),
    help,
  }
}

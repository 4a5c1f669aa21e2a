import { Injectable } from '@nestjs/common'
import { DomainError, type Actor } from '#kernel'
import type { PolicyJson, SchemaDocument } from '../engine/cedar.ts'
import { inTurn } from '../engine/pauses.ts'
import { PolicyEngine } from '../engine/policy-engine.ts'
import type { Finding, RuleSource, SchemaSource } from '../engine/types.ts'
import { about, fieldError, plainMessage, withoutField } from '../findings.ts'
import { PolicySetsRepository } from '../policy-sets.repository.ts'
import { TenantSchemas } from '../schema/tenant-schemas.ts'
import type { ValidatePolicies, PolicyValidationFinding, PolicyValidation } from './validation.dto.ts'

/** A rule to check, and where its text begins in the body's. */
interface Piece {
  readonly id: string
  readonly source: RuleSource
  readonly offset: number
  readonly template: boolean
}

/** Checks what is not saved. */
@Injectable()
export class ValidationService {
  readonly #engine: PolicyEngine
  readonly #sets: PolicySetsRepository
  readonly #schemas: TenantSchemas

  constructor(engine: PolicyEngine, sets: PolicySetsRepository, schemas: TenantSchemas) {
    this.#engine = engine
    this.#sets = sets
    this.#schemas = schemas
  }

  async validate(actor: Actor, { policies, schema }: ValidatePolicies): Promise<PolicyValidation> {
    const against = await this.#schema(actor.tenantId, schema ?? null)
    const read = await this.#pieces(actor.tenantId, policies)
    if ('errors' in read) return { valid: false, errors: read.errors, warnings: [] }
    const of = (template: boolean): Record<string, RuleSource> =>
      Object.fromEntries(read.pieces.filter((each) => each.template === template).map(({ id, source }) => [id, source]))
    const set = { rules: of(false), templates: of(true) }
    const { errors, warnings } = await this.#engine.validate(actor.tenantId, set, against)
    const offsets = new Map(read.pieces.map(({ id, offset }) => [id, offset]))
    const placed = (finding: Finding): PolicyValidationFinding => view(finding, offsets.get(finding.rule_id ?? '') ?? 0)
    return { valid: errors.length === 0, errors: errors.map(placed), warnings: warnings.map(placed) }
  }

  async #schema(tenantId: string, given: string | Record<string, unknown> | null): Promise<SchemaSource> {
    if (given === null) return (await this.#schemas.of(tenantId, await this.#sets.read())).document
    return (await about('schema', () => this.#engine.schema(tenantId, given as string | SchemaDocument))).json
  }

  /** What does not even parse is a finding too, not a refusal of the request. */
  async #pieces(tenantId: string, policies: string | Record<string, unknown>): Promise<Read> {
    if (typeof policies === 'string') return orFindings('', () => this.#ofText(tenantId, policies))
    const all = await inTurn(Object.entries(policies), ([id, source]) =>
      orFindings(id, async () => [await this.#ofEntry(tenantId, id, source)]),
    )
    const errors = all.flatMap((each) => ('errors' in each ? each.errors : []))
    return errors.length > 0 ? { errors } : { pieces: all.flatMap((each) => ('pieces' in each ? each.pieces : [])) }
  }

  async #ofText(tenantId: string, text: string): Promise<Piece[]> {
    const parsed = await this.#engine.parse(tenantId, text)
    return parsed.map(({ place: { start, end }, slots }, index) => ({
      id: `policy${index}`,
      source: text.slice(start, end),
      offset: start,
      template: slots.length > 0,
    }))
  }

  async #ofEntry(tenantId: string, id: string, source: unknown): Promise<Piece> {
    if (typeof source === 'string') {
      const [rule, ...more] = await this.#engine.parse(tenantId, source)
      if (!rule || more.length > 0)
        throw fieldError(`policies.${id}`, `one policy stands here, not ${rule ? more.length + 1 : 0}`)
      return { id, source, offset: 0, template: rule.slots.length > 0 }
    }
    if (typeof source !== 'object' || source === null || Array.isArray(source))
      throw fieldError(`policies.${id}`, "must be Cedar text or an object of Cedar's JSON")
    const { slots } = await this.#engine.ruleOfJson(tenantId, source as PolicyJson)
    return { id, source: source as PolicyJson, offset: 0, template: slots.length > 0 }
  }
}

type Read = { readonly pieces: Piece[] } | { readonly errors: PolicyValidationFinding[] }

async function orFindings(id: string, work: () => Promise<Piece[]>): Promise<Read> {
  try {
    return { pieces: await work() }
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'invalid_body') throw error
    const { findings, offset } = (error.details ?? {}) as { findings?: readonly Finding[]; offset?: number }
    const place = offset === undefined ? null : { start: offset, end: offset }
    const found = findings ?? [{ message: withoutField(error.message), help: null, place }]
    return { errors: found.map((finding) => view({ ...finding, rule_id: id || null }, 0)) }
  }
}

function view({ rule_id, message, help, place }: Finding, offset: number): PolicyValidationFinding {
  return {
    policy_id: rule_id,
    message: plainMessage(message),
    help,
    offset: place && offset + place.start,
    end: place && offset + place.end,
  }
}

import { Injectable } from '@nestjs/common'
import type { PolicyJson } from './cedar.ts'
import type {
  Decision,
  LiveBatch,
  LiveDecision,
  LiveRequest,
  LiveSet,
  ParsedRule,
  ParsedSchema,
  RuleFields,
  RuleSet,
  SchemaSource,
  ScratchFailure,
  ScratchRequest,
  ScratchSet,
  Validation,
} from './types.ts'

/**
 * Cedar. What a tenant wrote is parsed, validated and tried in a thread that may die; the live set, which has been
 * through that, decides in this one. Every refusal is a DomainError: `invalid_body` for what is wrong in a text or a
 * value (details: what, where, the limit), `unavailable` when a text took too long or the tenant's queue is full.
 */
@Injectable()
export class PolicyEngine {
  /** Decides by the live set: denied unless a rule of the highest group that decides permits; a rule that errors denies. */
  async decide(_set: LiveSet, _request: LiveRequest): Promise<LiveDecision> {
    throw new Error('not there yet')
  }

  /** The decisions of `decide` for each resource, in their order. */
  async decideMany(_set: LiveSet, _batch: LiveBatch): Promise<readonly LiveDecision[]> {
    throw new Error('not there yet')
  }

  /** Decides by a set that is given with the question, as Cedar itself does: an erroring policy is skipped and reported. */
  async evaluate(
    _tenantId: string,
    _set: ScratchSet,
    _requests: readonly ScratchRequest[],
  ): Promise<readonly (Decision | ScratchFailure)[]> {
    throw new Error('not there yet')
  }

  /** Every rule and template of a text, in the order of the text. */
  async parse(_tenantId: string, _text: string): Promise<readonly ParsedRule[]> {
    throw new Error('not there yet')
  }

  /** One rule or template of fields; its conditions cannot end the rule and begin another. */
  async rule(_tenantId: string, _fields: RuleFields): Promise<ParsedRule> {
    throw new Error('not there yet')
  }

  /** One rule or template of Cedar's JSON, checked. */
  async ruleOfJson(_tenantId: string, _json: PolicyJson): Promise<ParsedRule> {
    throw new Error('not there yet')
  }

  /** A schema in both its forms. */
  async schema(_tenantId: string, _schema: SchemaSource): Promise<ParsedSchema> {
    throw new Error('not there yet')
  }

  /** Checks a set against a schema (strict), then tries each rule once: what would trap or never end is an error here. */
  async validate(_tenantId: string, _set: RuleSet, _schema: SchemaSource): Promise<Validation> {
    throw new Error('not there yet')
  }
}

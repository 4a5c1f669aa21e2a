import type { CedarValue, Entity, EntityRef, PolicyJson, SchemaDocument } from './cedar.ts'

export type Context = Readonly<Record<string, CedarValue>>

/* ---- Rules ---- */

export type Effect = 'permit' | 'forbid'

export type PrincipalSlot = '?principal'
export type ResourceSlot = '?resource'
export type Slot = PrincipalSlot | ResourceSlot

/** What a rule's annotations say to people: `@notice`, `@advice`, and `@audit_session`, which is true unless it says "false". */
export interface RuleNotice {
  readonly notice: string | null
  readonly advice: string | null
  readonly audit_session: boolean
}

/**
 * Whom a rule speaks of.
 *
 *     any                                    is     entity_type
 *     eq     entity_type, entity_id          is_in  entity_type, in_type, in_id
 *     in     entity_type, entity_id
 *
 * In a template the place of the entity of `eq`, `in` and `is_in` may be a slot: `entity_id` (`in_id`) is then
 * `?principal` or `?resource`, and its type is null.
 */
export interface EntityScope {
  readonly scope_type: 'any' | 'eq' | 'in' | 'is' | 'is_in'
  readonly entity_type?: string | null
  readonly entity_id?: string | null
  readonly in_type?: string | null
  readonly in_id?: string | null
}

/** Which actions: `eq` has one id, `in` one or more. An id is `"extend"`, of the type `Action`, or whole: `AWS::Action::"read"`. */
export interface ActionScope {
  readonly scope_type: 'any' | 'eq' | 'in'
  readonly action_ids?: readonly string[]
}

/** A rule as fields. `conditions` is raw Cedar: any number of `when { … }` and `unless { … }`, or empty. */
export interface RuleFields {
  readonly effect: Effect
  readonly principal: EntityScope
  readonly action: ActionScope
  readonly resource: EntityScope
  readonly conditions: string
  /** All annotations, those of the notice included; a key is a Cedar identifier. */
  readonly annotations: Readonly<Record<string, string>>
}

/** One rule or template, in all its forms. */
export interface ParsedRule {
  readonly json: PolicyJson
  /** Written by Cedar from the JSON: comments and layout of the source are gone. */
  readonly text: string
  readonly fields: RuleFields
  readonly notice: RuleNotice
  /** What a link has to fill; empty for a static rule. */
  readonly slots: readonly Slot[]
}

/** A rule of a text, and where in it its statement stands. */
export interface PlacedRule extends ParsedRule {
  readonly place: Place
}

/* ---- Findings ---- */

/** A place in a text: UTF-16 code units from its start, as `String.prototype.slice` counts. */
export interface Place {
  readonly start: number
  readonly end: number
}

export interface Finding {
  /** The rule, template or link it is about; null when it is about the schema or the set. */
  readonly rule_id: string | null
  readonly message: string
  /** "did you mean …", or what would be right; null when Cedar has no advice. */
  readonly help: string | null
  /** In the text that was given for the rule (or the schema); null where the rule was given as JSON. */
  readonly place: Place | null
}

export interface Validation {
  readonly errors: readonly Finding[]
  readonly warnings: readonly Finding[]
}

/* ---- A set to be checked ---- */

/** A rule or template, as Cedar text or as JSON. */
export type RuleSource = string | PolicyJson

export interface TemplateLink {
  readonly template_id: string
  readonly values: Readonly<Partial<Record<Slot, EntityRef>>>
}

export interface RuleSet {
  readonly rules: Readonly<Record<string, RuleSource>>
  readonly templates?: Readonly<Record<string, RuleSource>>
  /** By the link's own id. */
  readonly links?: Readonly<Record<string, TemplateLink>>
}

/** Cedar schema text, or Cedar's JSON of it. */
export type SchemaSource = string | SchemaDocument

export interface ParsedSchema {
  readonly json: SchemaDocument
  /** The same with every name of a type whole: a common type's in `type`, an entity's in `{"type": "Entity", "name"}`. */
  readonly resolved: SchemaDocument
  readonly text: string
  readonly warnings: readonly Finding[]
}

/* ---- Live decisions ---- */

/** A rule of the live set. A link is a rule too: `linked(template, values)` makes its JSON. */
export interface LiveRule {
  readonly id: string
  /** Rules of one priority decide together; a higher one first. */
  readonly priority: number
  /** Within the priority: the order of notices. */
  readonly ordinal: number
  readonly json: PolicyJson
}

/** The live set of a tenant at a version. `load` is called when this process has not prepared that version yet. */
export interface LiveSet {
  readonly tenantId: string
  readonly version: string | number
  load(): Promise<readonly LiveRule[]>
}

export interface LiveRequest {
  readonly principal: EntityRef
  /** Parents of the principal besides those that `entities` names. */
  readonly groups?: readonly EntityRef[]
  readonly action: EntityRef
  readonly resource: EntityRef
  readonly context: Context
  /** The principal, the resource, their ancestors, and what their attributes point to. Absent ones have no attributes. */
  readonly entities: readonly Entity[]
}

/** One principal, action and context; many resources. `entities` is for all of them; each decision sees what it reaches. */
export interface LiveBatch extends Omit<LiveRequest, 'resource'> {
  readonly resources: readonly EntityRef[]
}

export interface RuleError {
  readonly policy_id: string
  readonly message: string
}

export interface Decision {
  readonly permitted: boolean
  readonly decision: 'allow' | 'deny'
  /** The rules that decided, by priority and ordinal: all satisfied forbids, or else all satisfied permits. Empty: nothing permits. */
  readonly matching_policy_ids: readonly string[]
  readonly errors: readonly RuleError[]
  /** One sentence for people. */
  readonly reason: string
  /** The notices of the rules that decided, in their order, without repeats. */
  readonly notices: readonly string[]
}

/** A decision of the live set. */
export interface LiveDecision extends Decision {
  /** What the rules that decided advise, in their order, without repeats. */
  readonly advice: readonly string[]
  /** The priority of the group that decided; null when none did. */
  readonly priority: number | null
  /** False when a rule that permitted says so. */
  readonly audit_session: boolean
}

/* ---- Decisions of a scratch set ---- */

export interface ScratchSet {
  /** Text: ids `policy0`, `policy1`, … by position, templates counted. */
  readonly policies: string | Readonly<Record<string, RuleSource>>
  readonly templates?: Readonly<Record<string, RuleSource>>
  readonly links?: Readonly<Record<string, TemplateLink>>
  readonly entities: readonly unknown[]
  readonly schema: SchemaSource | null
}

export interface ScratchRequest {
  readonly principal: EntityRef
  readonly action: EntityRef
  readonly resource: EntityRef
  readonly context: Readonly<Record<string, unknown>>
  readonly validate_request: boolean
}

/** Why one question has no decision: it does not fit the schema, or its context has a value that Cedar does not know. */
export interface ScratchFailure {
  readonly error: { readonly message: string; readonly findings: readonly Finding[] }
}

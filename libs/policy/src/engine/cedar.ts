import type {
  CedarValueJson,
  DetailedError,
  EntityJson,
  PolicyJson as CedarPolicyJson,
  PolicySet,
  SchemaJson,
  TypeAndId,
} from '@cedar-policy/cedar-wasm/nodejs'

/** `User::"0199…"`: an entity's type, namespaces included, and its id. */
export type EntityRef = TypeAndId

/** A value in Cedar's JSON: `{"__entity": {…}}` and `{"__extn": {"fn", "arg"}}` stand for what JSON cannot say. */
export type CedarValue = CedarValueJson

/** An entity in Cedar's JSON. */
export type Entity = EntityJson

/** One policy or template in Cedar's own JSON (EST). */
export type PolicyJson = CedarPolicyJson

/** A schema in Cedar's JSON. */
export type SchemaDocument = SchemaJson<string>

export type { DetailedError, PolicySet }

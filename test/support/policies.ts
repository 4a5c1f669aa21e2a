import { Database, Readiness } from '#platform'
import type { Entity, EntityRef, PolicyJson } from '../../libs/policy/src/engine/cedar.ts'
import { Cedar } from '../../libs/policy/src/engine/instance.ts'
import { PolicyEngine } from '../../libs/policy/src/engine/policy-engine.ts'
import { Sandbox, type SandboxSettings } from '../../libs/policy/src/engine/sandbox.ts'
import type { LiveRequest, LiveRule, LiveSet } from '../../libs/policy/src/engine/types.ts'

/** The engine, which needs no database. */
export function policyEngine(settings: Partial<SandboxSettings> = {}): PolicyEngine {
  return new PolicyEngine(new Readiness(new Database({ url: '', poolSize: 1 })), new Sandbox(settings))
}

/** `ref('User::ann')` */
export function ref(text: string): EntityRef {
  const end = text.lastIndexOf('::')
  return { type: text.slice(0, end), id: text.slice(end + 2) }
}

export function entity(uid: string, attrs: Entity['attrs'] = {}, parents: readonly string[] = []): Entity {
  return { uid: ref(uid), attrs, parents: parents.map(ref) }
}

const cedar = new Cedar()

/** A rule's text as Cedar's JSON, read in this thread. */
export function json(text: string): PolicyJson {
  const answer = cedar.call((api) => api.policyToJson(text))
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '))
  return answer.json
}

/** Rules `r0`, `r1`, … of one priority each; those of a text alone have priority 0. */
export function rules(...texts: (string | readonly [priority: number, text: string])[]): LiveRule[] {
  return texts.map((each, index) => {
    const [priority, text] = typeof each === 'string' ? [0, each] : each
    return { id: `r${index}`, priority, ordinal: index, json: json(text) }
  })
}

let versions = 0

/** A live set of a version of its own. */
export function liveSet(live: readonly LiveRule[], tenantId = 'tenant'): LiveSet {
  return { tenantId, version: ++versions, load: async () => live }
}

/** What Ann is asked for, unless the test says otherwise. */
export function question(over: Partial<LiveRequest> = {}): LiveRequest {
  return {
    principal: ref('User::ann'),
    action: ref('Action::request_access'),
    resource: ref('Entitlement::db'),
    context: {},
    entities: [],
    ...over,
  }
}

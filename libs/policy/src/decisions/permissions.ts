import { Injectable } from '@nestjs/common'
import { DomainError, type Actor } from '#kernel'
import type { Entity, EntityRef } from '../engine/cedar.ts'
import { BatchMemory } from '../engine/live-batch.ts'
import { PolicyEngine } from '../engine/policy-engine.ts'
import { PolicySetsRepository } from '../policy-sets.repository.ts'
import type { SchemaTypes } from '../schema/schema-types.ts'
import { TenantSchemas } from '../schema/tenant-schemas.ts'
import { answerOf } from './answer.ts'
import { DecisionRecords } from './decision-records.ts'
import { EntityMaker } from './entities.ts'
import { FactsRepository, type EntitlementFacts, type Facts } from './facts.repository.ts'
import { contextOf, distinct, groupsOf, groupsOfActor, wantedFor } from './question.ts'

/** One who asks for many entitlements, and what is known of both. */
interface Asking {
  readonly actor: Actor
  readonly principal: EntityRef
  readonly groups: readonly EntityRef[]
  readonly person: readonly Entity[]
  readonly facts: Facts
  readonly types: SchemaTypes
}

/** The resource that an entitlement is asked for as. */
interface Target {
  readonly entitlement: EntitlementFacts
  readonly uid: EntityRef
  readonly entities: readonly Entity[]
}

/** A target that is permitted, with the notices of the rules that permit it. */
interface Permitted {
  readonly target: Target
  readonly notices: readonly string[]
}

/** By the ids of what is permitted. */
type Notices = ReadonlyMap<string, readonly string[]>

/** What the tenant's policies permit of many things at once: the facts are read together, the rules run in batches. */
@Injectable()
export class Permissions {
  readonly #engine: PolicyEngine
  readonly #facts: FactsRepository
  readonly #sets: PolicySetsRepository
  readonly #schemas: TenantSchemas
  readonly #records: DecisionRecords

  constructor(
    engine: PolicyEngine,
    facts: FactsRepository,
    sets: PolicySetsRepository,
    schemas: TenantSchemas,
    records: DecisionRecords,
  ) {
    this.#engine = engine
    this.#facts = facts
    this.#sets = sets
    this.#schemas = schemas
    this.#records = records
  }

  /**
   * Of many entitlements, by their ids, those with which the person of the actor may do the first action, of these those
   * with which also the second, and so on: for each action the ids, each with the notices of the rules that permit it.
   * @throws DomainError `forbidden` for no person
   */
  async permitted<const Actions extends readonly string[]>(
    actor: Actor,
    actions: Actions,
    entitlementIds: readonly string[],
  ): Promise<{ [Each in keyof Actions]: Notices }> {
    if (actor.identityId === null) throw new DomainError('forbidden', 'The credential stands for no person')
    const found = actions.map(() => new Map<string, readonly string[]>())
    const principal = { type: 'User', id: actor.identityId }
    const groups = groupsOfActor(actor)
    const nothing = { principal, groups, action: principal, resource: principal, context: {} }
    const [[facts], entitlements] = await Promise.all([
      this.#facts.read([wantedFor(nothing)]),
      this.#facts.entitlements(entitlementIds),
    ])
    if (facts && entitlements.length > 0) {
      const { types } = await this.#schemas.of(actor.tenantId, facts)
      const maker = new EntityMaker(types)
      const vouched = groupsOf({ groups }, facts)
      const person = facts.person ? maker.person(facts.person, vouched) : maker.stranger(principal, vouched)
      const asking: Asking = { actor, principal, groups, person, facts, types }
      let left = entitlements.map((entitlement): Target => ({ entitlement, ...maker.target(entitlement) }))
      for (const [index, id] of actions.entries()) {
        const permitted = await this.#decide(asking, { type: 'Action', id }, left)
        for (const { target, notices } of permitted) found[index]?.set(target.entitlement.id, notices)
        left = permitted.map(({ target }) => target)
      }
    }
    return found as unknown as { [Each in keyof Actions]: Notices }
  }

  async #decide(asking: Asking, action: EntityRef, targets: readonly Target[]): Promise<Permitted[]> {
    const permitted: Permitted[] = []
    const memories = new Map<string | null, BatchMemory>()
    for (const round of rounds(targets)) {
      const memory = memories.get(round.requested) ?? new BatchMemory()
      memories.set(round.requested, memory)
      permitted.push(...(await this.#ask(asking, action, round, memory, targets.length)))
    }
    return permitted
  }

  async #ask(
    { actor, principal, groups, person, facts, types }: Asking,
    action: EntityRef,
    { requested, targets }: Round,
    memory: BatchMemory,
    all: number,
  ): Promise<Permitted[]> {
    const question = {
      principal,
      groups,
      action,
      context: requested === null ? {} : { requested_action: requested },
    }
    const set = { tenantId: actor.tenantId, version: facts.version, load: () => this.#sets.liveRules() }
    const started = performance.now()
    const batch = {
      principal,
      action,
      resources: targets.map(({ uid }) => uid),
      context: contextOf({ ...question, resource: principal }, facts.now, types),
      entities: distinct([...person, ...targets.flatMap(({ entities }) => entities)]),
    }
    const decisions = await this.#engine.decideMany(set, batch, memory)
    const milliseconds = (performance.now() - started) / targets.length
    return targets.flatMap((target, index) => {
      const decision = decisions[index]
      if (!decision) return []
      if (this.#records.takesOneOf(all)) {
        const asked = { ...question, resource: target.uid, entitlement_id: target.entitlement.id }
        this.#records.add(actor, asked, answerOf(decision, facts.version), facts.now, milliseconds)
      }
      return decision.permitted ? [{ target, notices: decision.notices }] : []
    })
  }
}

/** Targets that are asked about together. */
interface Round {
  readonly requested: string | null
  readonly targets: readonly Target[]
}

/**
 * Targets of one requested action, no resource twice: entitlements on one resource are asked for one after the other, since
 * each makes another resource of it.
 */
function rounds(targets: readonly Target[]): Round[] {
  const times = new Map<string, number>()
  const found = Map.groupBy(targets, ({ entitlement: { action }, uid }) => {
    const key = JSON.stringify([action, uid])
    const time = (times.get(key) ?? 0) + 1
    times.set(key, time)
    return JSON.stringify([action, time])
  })
  return [...found.values()].map((each) => ({ requested: each[0]?.entitlement.action ?? null, targets: each }))
}

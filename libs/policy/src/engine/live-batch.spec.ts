import fc from 'fast-check'
import { entity, liveSet, policyEngine, question, ref, rules } from '../../../../test/support/policies.ts'
import type { Entity, EntityRef } from './cedar.ts'
import { entityKey } from './entity-limits.ts'
import { Cedar } from './instance.ts'
import { BatchMemory } from './live-batch.ts'
import { Neighbourhood } from './references.ts'
import type { LiveBatch } from './types.ts'

/* Live decisions against those of Cedar itself, and many at once against one by one. */

const engine = policyEngine()
const forbid = 'forbid(principal, action, resource);'

const names = ['a', 'b', 'c', 'd'] as const
const types = ['User', 'Group', 'Entitlement'] as const
const uid = fc.record({ type: fc.constantFrom(...types), id: fc.constantFrom(...names) })
const text = ({ type, id }: EntityRef): string => `${type}::"${id}"`
const actionName = fc.constantFrom(...names).map((id) => `Action::"${id}"`)

const side = (name: 'principal' | 'resource'): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(name),
    uid.map((each) => `${name} == ${text(each)}`),
    uid.map((each) => `${name} in ${text(each)}`),
    fc.constantFrom(...types).map((type) => `${name} is ${type}`),
    fc.tuple(fc.constantFrom(...types), uid).map(([type, each]) => `${name} is ${type} in ${text(each)}`),
  )
const actionSide = fc.oneof(
  fc.constant('action'),
  actionName.map((name) => `action == ${name}`),
  fc.array(actionName, { minLength: 1, maxLength: 3 }).map((all) => `action in [${all.join(', ')}]`),
)
const conditions = fc.constantFrom(
  '',
  'when { context.n > 2 }',
  'unless { context.n > 2 }',
  'when { context.missing }',
  'when { principal.level > 1 }',
  'when { resource.level > 1 }',
  'when { resource has level && resource.level > 1 }',
  'when { resource has owner && resource.owner == principal }',
  'when { resource has owner && resource.owner has level && resource.owner.level == 1 }',
  'when { resource in Group::"a" }',
  'when { resource is Entitlement in Group::"b" }',
  'when { resource.hasTag("t") && resource.getTag("t") == 1 }',
  'when { resource == Entitlement::"a" }',
  'when { [Group::"a", Entitlement::"b"].contains(resource) }',
  'when { User::"d" has level && User::"d".level > 1 }',
  'when { User::"c" in Group::"c" }',
  'when { principal has friend && principal.friend has level && principal.friend.level > 1 }',
)
const rule = fc
  .tuple(fc.constantFrom('permit', 'forbid'), side('principal'), actionSide, side('resource'), conditions)
  .map(([effect, principal, action, resource, when]) => `${effect}(${principal}, ${action}, ${resource}) ${when};`)

/** Parents only of a later name, so that nothing is its own ancestor. */
const entities: fc.Arbitrary<Entity[]> = fc
  .tuple(
    ...types.flatMap((type, place) =>
      names.map((id, index) =>
        fc.record({
          uid: fc.constant({ type, id }),
          attrs: fc.record(
            {
              level: fc.integer({ min: 0, max: 3 }),
              owner: uid.map((each) => ({ __entity: each })),
              friend: uid.map((each) => ({ __entity: each })),
            },
            { requiredKeys: [] },
          ),
          tags: fc.record({ t: fc.integer({ min: 0, max: 2 }) }, { requiredKeys: [] }),
          parents: fc
            .subarray(
              types.flatMap((other, above) =>
                names.flatMap((name, later) =>
                  above * 4 + later > place * 4 + index ? [{ type: other, id: name }] : [],
                ),
              ),
            )
            .map((above) => above.slice(0, 2)),
        }),
      ),
    ),
  )
  .chain((all) => fc.subarray(all as Entity[]))

const request = fc.record({
  principal: uid,
  action: fc.constantFrom(...names).map((id) => ({ type: 'Action', id })),
  resource: uid,
  context: fc.record({ n: fc.integer({ min: 0, max: 4 }) }),
  entities,
})

const reference = new Cedar()

test('a set of one priority decides as Cedar does, by the same rules, and with the same errors, which deny', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { maxLength: 8 }), request, async (texts, asked) => {
      const answer = reference.call((api) =>
        api.isAuthorized({
          ...asked,
          policies: { staticPolicies: Object.fromEntries(texts.map((each, index) => [`r${index}`, each])) },
        }),
      )
      if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
      const { decision, diagnostics } = answer.response
      const errors = diagnostics.errors.map(({ policyId }) => policyId).sort()
      const ours = await engine.decide(liveSet(rules(...texts)), asked)
      expect(ours.errors.map(({ policy_id }) => policy_id).sort()).toEqual(errors)
      expect([...ours.matching_policy_ids].sort()).toEqual(errors.length > 0 ? [] : diagnostics.reason.sort())
      expect(ours.decision).toBe(errors.length > 0 ? 'deny' : decision)
    }),
    { numRuns: 500 },
  )
})

test('many resources are decided as each by itself', async () => {
  const everything = types.flatMap((type) => names.map((id) => ({ type, id })))
  const prioritized = fc.tuple(fc.integer({ min: 0, max: 2 }), rule)
  await fc.assert(
    fc.asyncProperty(fc.array(prioritized, { maxLength: 8 }), request, async (texts, { resource: _, ...asked }) => {
      const set = liveSet(rules(...texts))
      const each = await Promise.all(everything.map((resource) => engine.decide(set, { ...asked, resource })))
      await expect(engine.decideMany(set, { ...asked, resources: everything })).resolves.toEqual(each)
    }),
    { numRuns: 300 },
  )
})

test('batches with one memory are decided as each by itself, though they know other things of the same resources', async () => {
  const everything = types.flatMap((type) => names.map((id) => ({ type, id })))
  const other = fc.array(fc.record({ kept: fc.boolean(), orphaned: fc.boolean() }), { minLength: 40, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(rule, { maxLength: 8 }),
      request,
      other,
      async (texts, { resource: _, ...asked }, turns) => {
        const common = new Set(
          new Neighbourhood(asked.entities).reachable([entityKey(asked.principal), entityKey(asked.action)]),
        )
        const others = asked.entities.flatMap((each, index) => {
          const { kept, orphaned } = turns[index % turns.length] ?? { kept: true, orphaned: false }
          if (common.has(each)) return [each]
          return kept ? [orphaned ? { ...each, attrs: {}, parents: [] } : each] : []
        })
        const set = liveSet(rules(...texts))
        const memory = new BatchMemory()
        for (const known of [asked.entities, others]) {
          const batch = { ...asked, entities: known, resources: everything }
          const alone = await engine.decideMany(set, batch)
          await expect(engine.decideMany(set, batch, memory)).resolves.toEqual(alone)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('batches with one memory do not share what a rule says of an entity that they know differently', async () => {
  const set = liveSet(rules('permit(principal, action, resource) when { Source::"s".open };'))
  const { resource, ...asked } = question()
  const memory = new BatchMemory()
  const permitted = []
  for (const open of [true, false]) {
    const batch = { ...asked, resources: [resource], entities: [...asked.entities, entity('Source::s', { open })] }
    permitted.push(...(await engine.decideMany(set, batch, memory)).map((decision) => decision.permitted))
  }
  expect(permitted).toEqual([true, false])
})

test('batches with one memory do not share what a rule finds behind an attribute of the resource that leads elsewhere', async () => {
  const set = liveSet(rules('permit(principal, action, resource) when { resource.owner.level == 1 };'))
  const { resource, ...asked } = question()
  const owned = { uid: resource, attrs: { owner: { __entity: ref('User::owner') } }, parents: [] }
  const memory = new BatchMemory()
  const permitted = []
  for (const level of [1, 2]) {
    const batch = { ...asked, resources: [resource], entities: [owned, entity('User::owner', { level })] }
    permitted.push(...(await engine.decideMany(set, batch, memory)).map((decision) => decision.permitted))
  }
  expect(permitted).toEqual([true, false])
})

test('batches with one memory decide by the rules of now, when the set was compiled anew between them', async () => {
  const { resource, ...asked } = question()
  const memory = new BatchMemory()
  const permitted = []
  for (const level of [1, 2]) {
    const set = liveSet(rules('permit(principal, action, resource) when { resource.level > 0 };', forbid))
    const batch = { ...asked, resources: [resource], entities: [{ uid: resource, attrs: { level }, parents: [] }] }
    const decisions = await engine.decideMany(set, batch, memory)
    permitted.push(...decisions.map((decision) => decision.permitted))
  }
  expect(permitted).toEqual([false, false])
})

test('1,000 resources with a rule each are decided in one batch, each by its own rule', async () => {
  const ids = Array.from({ length: 1000 }, (_, n) => `e${n}`)
  const live = rules(
    ...ids.map(
      (id, n) =>
        `permit(principal in Group::"g", action, resource == Entitlement::"${id}") when { context.n == ${n % 2} };`,
    ),
  )
  const set = liveSet(live)
  const batch: LiveBatch = {
    ...question({ context: { n: 1 } }),
    groups: [ref('Group::g')],
    resources: ids.map((id) => ref(`Entitlement::${id}`)),
    entities: ids.map((id) => entity(`Entitlement::${id}`, { risk: 'low' })),
  }
  const decisions = await engine.decideMany(set, batch)
  expect(decisions.map(({ permitted }) => permitted)).toEqual(ids.map((_, n) => n % 2 === 1))
})

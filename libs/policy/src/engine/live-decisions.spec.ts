import fc from 'fast-check'
import { entity, liveSet, policyEngine, question, ref, rules } from '../../../../test/support/policies.ts'
import type { Entity, EntityRef } from './cedar.ts'
import { CompiledSet } from './compiled-set.ts'
import { entityKey } from './entity-limits.ts'
import { Cedar } from './instance.ts'
import { BatchMemory } from './live-batch.ts'
import { LiveDecisions } from './live-decisions.ts'
import { Neighbourhood } from './references.ts'
import type { LiveBatch } from './types.ts'

const engine = policyEngine()

const permit = 'permit(principal, action, resource);'
const forbid = 'forbid(principal, action, resource);'

describe('a decision', () => {
  test('is a denial where no rule permits, without a rule to show for it', async () => {
    await expect(engine.decide(liveSet([]), question())).resolves.toEqual({
      permitted: false,
      decision: 'deny',
      matching_policy_ids: [],
      errors: [],
      reason: 'No rule permits this',
      notices: [],
      advice: [],
      priority: null,
      audit_session: true,
    })
  })

  test('of one priority: a forbid outweighs permits, and is all that is named', async () => {
    const set = liveSet(rules(permit, '@notice("closed today") forbid(principal, action, resource);', permit))
    await expect(engine.decide(set, question())).resolves.toMatchObject({
      permitted: false,
      matching_policy_ids: ['r1'],
      notices: ['closed today'],
    })
  })

  test('of a higher priority stands against every lower one, whichever way it went', async () => {
    await expect(engine.decide(liveSet(rules([1, forbid], [2, permit])), question())).resolves.toMatchObject({
      permitted: true,
      matching_policy_ids: ['r1'],
      priority: 2,
    })
    await expect(engine.decide(liveSet(rules([1, permit], [2, forbid])), question())).resolves.toMatchObject({
      permitted: false,
      matching_policy_ids: ['r1'],
      priority: 2,
    })
  })

  test('is left to the next priority by one whose rules do not speak of the question', async () => {
    const set = liveSet(
      rules([2, 'forbid(principal, action, resource) when { context.hour > 18 };'], [1, permit], [0, forbid]),
    )
    await expect(engine.decide(set, question({ context: { hour: 9 } }))).resolves.toMatchObject({
      permitted: true,
      priority: 1,
    })
    await expect(engine.decide(set, question({ context: { hour: 19 } }))).resolves.toMatchObject({
      permitted: false,
      priority: 2,
    })
  })

  test('is a denial when a rule of its priority errors, where Cedar alone would permit', async () => {
    const set = liveSet(rules(permit, 'forbid(principal, action, resource) when { context.missing };'))
    const decision = await engine.decide(set, question())
    expect(decision).toMatchObject({ permitted: false, matching_policy_ids: [], notices: [], priority: 0 })
    expect(decision.errors).toEqual([{ policy_id: 'r1', message: expect.stringContaining('missing') }])
  })

  test('of a higher priority is not undone by an error below it', async () => {
    const set = liveSet(rules([1, permit], [0, 'permit(principal, action, resource) when { context.missing };']))
    await expect(engine.decide(set, question())).resolves.toMatchObject({ permitted: true, errors: [] })
  })

  test('gives notices by priority and ordinal, each once', async () => {
    const said = (notice: string): string => `@notice("${notice}") ${permit}`
    const [first, second, third, fourth] = rules(said('b'), said('a'), said('b'), said('c'))
    const set = liveSet([fourth, third, second, first].filter((rule) => rule !== undefined))
    await expect(engine.decide(set, question())).resolves.toMatchObject({
      matching_policy_ids: ['r0', 'r1', 'r2', 'r3'],
      notices: ['b', 'a', 'c'],
    })
  })

  test('says that the session is not recorded when a rule that permits says so', async () => {
    const quiet = `@audit_session("false") ${permit}`
    await expect(engine.decide(liveSet(rules(permit, quiet)), question())).resolves.toMatchObject({
      audit_session: false,
    })
    await expect(engine.decide(liveSet(rules(permit, forbid, quiet)), question())).resolves.toMatchObject({
      audit_session: true,
    })
  })

  test('sees the groups that came with the question as parents of the principal', async () => {
    const set = liveSet(rules('permit(principal in Group::"all", action, resource);'))
    const entities = [entity('User::ann'), entity('Group::oncall', {}, ['Group::all'])]
    await expect(engine.decide(set, question({ entities }))).resolves.toMatchObject({ permitted: false })
    await expect(engine.decide(set, question({ entities, groups: [ref('Group::oncall')] }))).resolves.toMatchObject({
      permitted: true,
    })
  })

  test('reads decimals, addresses, entities and tags', async () => {
    const set = liveSet(
      rules(`permit(principal, action, resource) when {
        context.risk.lessThan(decimal("0.5")) && context.ip.isInRange(ip("10.0.0.0/8")) &&
        context.by == User::"bob" && context.at < datetime("2027-01-01") && resource.getTag("env") == "dev" };`),
    )
    const context = {
      risk: { __extn: { fn: 'decimal', arg: '0.25' } },
      ip: { __extn: { fn: 'ip', arg: '10.1.2.3' } },
      at: { __extn: { fn: 'datetime', arg: '2026-11-22' } },
      by: { __entity: ref('User::bob') },
    }
    const entities = [{ ...entity('Entitlement::db'), tags: { env: 'dev' } }]
    await expect(engine.decide(set, question({ context, entities }))).resolves.toMatchObject({ permitted: true })
  })

  test('of a set of 1,000 rules that all speak of the question counts each of them', async () => {
    const live = rules(
      ...Array.from({ length: 1000 }, (_, n) => `permit(principal, action, resource) when { context.n >= ${n} };`),
    )
    const set = liveSet(live)
    const decision = await engine.decide(set, question({ context: { n: 499 } }))
    expect(decision.matching_policy_ids).toEqual(live.slice(0, 500).map(({ id }) => id))
  })
})

describe('a question that cannot be decided is refused, and says where:', () => {
  const set = liveSet(rules(permit))
  const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)

  test.each([
    ['a context nested 100 deep', { context: { a: deep(100) } }, 'context'],
    ['a set of 100,000 elements', { context: { a: Array.from({ length: 100_000 }, () => 1) } }, 'context'],
    ['a fraction', { context: { a: 1.5 } }, 'context.a'],
    ['null', { context: { a: null } }, 'context.a'],
    ['a whole number beyond 2^53', { context: { a: 2 ** 60 } }, 'context.a'],
    ['a bigint', { context: { a: 1n } }, 'context.a'],
    ['a function', { context: { a: () => 1 } }, 'context.a'],
    ['a type that is none', { principal: { type: 'a b', id: 'x' } }, 'principal.type'],
    ['a type written with spaces', { principal: { type: 'A ::B', id: 'x' } }, 'principal.type'],
    ['a missing id', { resource: { type: 'A' } }, 'resource'],
    ['an entity twice', { entities: [entity('A::a'), entity('A::a')] }, 'entities.1'],
    ['an entity without parents', { entities: [{ uid: ref('A::a'), attrs: {} }] }, 'entities.0.parents'],
    [
      'an entity that is its own ancestor',
      { entities: [entity('A::a', {}, ['A::b']), entity('A::b', {}, ['A::a'])] },
      'request',
    ],
    [
      'a chain of 5,000 parents',
      { entities: Array.from({ length: 5000 }, (_, n) => entity(`A::${n}`, {}, [`A::${n + 1}`])) },
      'entities',
    ],
    ['an extension that is none', { context: { a: { __extn: { fn: 'nope', arg: '1' } } } }, 'request'],
  ])('%s', async (_, over, field) => {
    await expect(engine.decide(set, question(over as object))).rejects.toMatchObject({
      code: 'invalid_body',
      details: { fields: [{ field: expect.stringMatching(new RegExp(`^${field}`)) }] },
    })
    await expect(engine.decide(set, question())).resolves.toMatchObject({ permitted: true })
  })
})

/* ---- Against Cedar itself, and many against one ---- */

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

/* ---- What a trap costs ---- */

describe('a trap in a decision', () => {
  const trapping = {
    type: 'User',
    id: 'ann',
    toJSON: () => {
      throw new Error('trap')
    },
  }

  test('denies that decision, and the next ones are right', async () => {
    const told: string[] = []
    const live = new LiveDecisions(new Cedar(), (set) => told.push(set.tenantId))
    const set = await CompiledSet.of('one', '1', rules(permit))
    const other = await CompiledSet.of(
      'two',
      '1',
      rules(permit, '@notice("x") forbid(principal is Robot, action, resource);'),
    )
    const robot = question({ principal: ref('Robot::r2') })
    await expect(live.decide(other, robot)).resolves.toMatchObject({ permitted: false, notices: ['x'] })
    await expect(live.decide(set, question({ principal: trapping }))).resolves.toMatchObject({
      permitted: false,
      reason: 'The rules could not be evaluated, so this is denied',
    })
    expect(told).toEqual(['one'])
    await expect(live.decide(other, robot)).resolves.toMatchObject({ permitted: false, notices: ['x'] })
    await expect(live.decide(other, question())).resolves.toMatchObject({ permitted: true })
    await expect(live.decide(set, question())).resolves.toMatchObject({ permitted: true })
  })
})

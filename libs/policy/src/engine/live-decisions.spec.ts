import { entity, liveSet, policyEngine, question, ref, rules } from '../../../../test/support/policies.ts'
import { CompiledSet } from './compiled-set.ts'
import { Cedar } from './instance.ts'
import { LiveDecisions } from './live-decisions.ts'

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

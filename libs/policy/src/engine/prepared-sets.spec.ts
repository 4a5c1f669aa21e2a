import { json, liveSet, question, rules } from '../../../../test/support/policies.ts'
import { CompiledSet } from './compiled-set.ts'
import { Cedar } from './instance.ts'
import { LiveDecisions } from './live-decisions.ts'
import { LiveSets } from './live-sets.ts'
import { PreparedSets, SetRefused } from './prepared-sets.ts'

const allow = json('permit(principal, action, resource) when { context.n == 1 };')
const set = { staticPolicies: { a: allow } }

test('a set is prepared once, and again only when others took its place', () => {
  const cedar = new Cedar()
  const sets = new PreparedSets(cedar, { slots: 2, weight: 100 })
  let prepared = 0
  const ask = (key: string): string =>
    sets.name(
      key,
      () => 1,
      () => (prepared++, set),
    )
  const first = ask('a')
  ask('b')
  expect(ask('a')).toBe(first)
  expect(prepared).toBe(2)
  ask('c')
  expect(ask('a')).toBe(first)
  expect(prepared).toBe(3)
  ask('b')
  expect(prepared).toBe(4)
  expect(sets.size).toBe(2)
})

test('the sets together weigh no more than they may, and what gave way is emptied', () => {
  const cedar = new Cedar()
  const sets = new PreparedSets(cedar, { slots: 10, weight: 100 })
  const names = [
    sets.name(
      'one',
      () => 45,
      () => set,
    ),
    sets.name(
      'two',
      () => 45,
      () => set,
    ),
    sets.name(
      'heavy',
      () => 95,
      () => set,
    ),
  ]
  expect(sets.size).toBe(1)
  expect(sets.weight).toBe(95)
  const { principal, action, resource } = question()
  const request = { principal, action, resource, context: { n: 1 }, entities: [] }
  const allowing = [...new Set(names)].filter((preparsedPolicySetId) => {
    const answer = cedar.call((api) => api.statefulIsAuthorized({ ...request, preparsedPolicySetId }))
    return answer.type === 'success' && answer.response.decision === 'allow'
  })
  expect(allowing).toEqual([
    sets.name(
      'heavy',
      () => 95,
      () => set,
    ),
  ])
})

test('a set that Cedar cannot read leaves the others as they were', () => {
  const sets = new PreparedSets(new Cedar(), { slots: 2, weight: 100 })
  const good = sets.name(
    'good',
    () => 1,
    () => set,
  )
  expect(() =>
    sets.name(
      'bad',
      () => 1,
      () => ({ staticPolicies: { a: 'permit(' } }),
    ),
  ).toThrow(SetRefused)
  expect(
    sets.name(
      'good',
      () => 1,
      () => ({ staticPolicies: { a: 'permit(' } }),
    ),
  ).toBe(good)
  expect(sets.size).toBe(1)
})

test('10,000 saved versions take no more slots and no more memory than the first thousand', async () => {
  const cedar = new Cedar()
  const prepared = new PreparedSets(cedar, { slots: 32 })
  const live = new LiveDecisions(cedar, () => {}, prepared)
  const [rule] = rules('permit(principal, action, resource) when { context.n == 1 && context.name like "a*b" };')
  if (rule === undefined) throw new Error('there is one')
  const save = async (version: number): Promise<void> => {
    const compiled = await CompiledSet.of(`tenant ${version % 50}`, String(version), [rule, { ...rule, id: 'other' }])
    const decision = await live.decide(compiled, question({ context: { n: 1, name: 'ab' } }))
    expect(decision.matching_policy_ids).toEqual(['other', 'r0'])
  }
  for (let version = 0; version < 1000; version++) await save(version)
  const bytes = cedar.bytes
  for (let version = 1000; version < 10_000; version++) await save(version)
  expect(prepared.size).toBeLessThanOrEqual(32)
  expect(cedar.bytes).toBe(bytes)
}, 180_000)

test('a set is loaded once by all who ask for its version at once, and a new version takes the place of the old', async () => {
  const sets = new LiveSets()
  let loads = 0
  const version = (number: number): Parameters<LiveSets['get']>[0] => ({
    tenantId: 't',
    version: number,
    load: async () => {
      loads++
      return rules('permit(principal, action, resource);')
    },
  })
  const [one, same] = await Promise.all([sets.get(version(1)), sets.get(version(1))])
  expect(one).toBe(same)
  expect(await sets.get(version(1))).toBe(one)
  expect(loads).toBe(1)
  expect(await sets.get(version(2))).not.toBe(one)
  expect(sets.size).toBe(1)
})

test('a version that is loaded again with other rules decides by these, not by what was prepared for it before', async () => {
  const sets = new LiveSets()
  const live = new LiveDecisions(new Cedar(), () => {})
  const decide = async (version: number, text: string): Promise<boolean> => {
    const compiled = await sets.get({ tenantId: 't', version, load: async () => rules(text) })
    return (await live.decide(compiled, question())).permitted
  }
  expect(await decide(1, 'permit(principal, action, resource);')).toBe(true)
  expect(await decide(2, 'permit(principal, action, resource) when { false };')).toBe(false)
  expect(await decide(1, 'permit(principal, action, resource) when { false };')).toBe(false)
})

test('a set that could not be loaded is loaded at the next question', async () => {
  const sets = new LiveSets()
  const failing = { ...liveSet([]), load: () => Promise.reject(new Error('no database')) }
  await expect(sets.get(failing)).rejects.toThrow('no database')
  await expect(sets.get({ ...failing, load: async () => [] })).resolves.toMatchObject({ rules: [] })
})

test('the sets of all tenants together weigh no more than they may', async () => {
  const sets = new LiveSets(1000)
  for (let tenant = 0; tenant < 20; tenant++)
    await sets.get(liveSet(rules('permit(principal, action, resource);'), `tenant ${tenant}`))
  expect(sets.size).toBeGreaterThan(1)
  expect(sets.size).toBeLessThan(12)
})

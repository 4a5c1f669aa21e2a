import fc from 'fast-check'
import { DomainError } from '#kernel'
import { entity, liveSet, policyEngine, question, ref, rules } from '../../../../test/support/policies.ts'
import type { LiveDecision, ScratchRequest, ScratchSet } from './types.ts'

const engine = policyEngine()

afterAll(() => engine.onApplicationShutdown())

const permit = 'permit(principal, action, resource);'
const asked: ScratchRequest = { ...question(), validate_request: false }
const scratch = (over: Partial<ScratchSet> = {}): ScratchSet => ({
  policies: permit,
  entities: [],
  schema: null,
  ...over,
})
/** A question that has no decision is refused as well, in its place among the answers. */
async function ask(over: Partial<ScratchRequest>): Promise<void> {
  const [answer] = await engine.evaluate('evil', scratch(), [{ ...asked, ...over }])
  if (answer && 'error' in answer) throw new DomainError('invalid_body', answer.error.message)
}
const condition = (text: string): string => `permit(principal, action, resource) when { ${text} };`
const deepJson = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`)
const deepRule = (levels: number): unknown => {
  let body: unknown = { Value: true }
  for (let level = 0; level < levels; level++) body = { '!': { arg: body } }
  const any = { op: 'All' }
  return { effect: 'permit', principal: any, action: any, resource: any, conditions: [{ kind: 'when', body }] }
}

const crashing: readonly [name: string, send: () => Promise<unknown>][] = [
  ...[
    ['140 nested parentheses', condition('('.repeat(140) + 'true' + ')'.repeat(140))],
    ['500 chained +1', condition(`1${'+1'.repeat(500)} == 501`)],
    ['400 chained .a', condition(`context${'.a'.repeat(400)}`)],
    ['20,000 chained dots', condition(`context${'.a'.repeat(20_000)}`)],
    ['a set literal 140 deep', condition(`${'['.repeat(140)}${']'.repeat(140)} == []`)],
    ['a record literal 140 deep', condition(`${'{a:'.repeat(140)}1${'}'.repeat(140)} == {}`)],
  ].flatMap(([name = '', text = '']): [string, () => Promise<unknown>][] => [
    [`${name}, parsed`, () => engine.parse('evil', text)],
    [`${name}, evaluated`, () => engine.evaluate('evil', scratch({ policies: text }), [asked])],
    [`${name}, in a set by id`, () => engine.evaluate('evil', scratch({ policies: { a: permit, b: text } }), [asked])],
    [`${name}, validated`, () => engine.validate('evil', { rules: { a: text } }, 'entity User;')],
    [
      `${name}, as conditions`,
      () =>
        engine.rule('evil', {
          effect: 'permit',
          principal: { scope_type: 'any' },
          action: { scope_type: 'any' },
          resource: { scope_type: 'any' },
          conditions: text.slice(text.indexOf('when'), -1),
          annotations: {},
        }),
    ],
  ]),
  ['a rule as JSON 200 deep', () => engine.ruleOfJson('evil', deepRule(200) as never)],
  ['a rule as JSON 20,000 deep', () => engine.ruleOfJson('evil', deepRule(20_000) as never)],
  [
    'a chain of 5,000 parents',
    () =>
      engine.evaluate(
        'evil',
        scratch({ entities: Array.from({ length: 5000 }, (_, n) => entity(`A::${n}`, {}, [`A::${n + 1}`])) }),
        [asked],
      ),
  ],
  ['a set of 100,000 elements', () => ask({ context: { a: Array.from({ length: 100_000 }, (_, n) => n) } })],
  ['a context 200 deep', () => ask({ context: { a: deepJson(200) } })],
  ['a bigint', () => ask({ context: { a: 1n } })],
  [
    'a field that is no field of an entity',
    () => engine.evaluate('evil', scratch({ entities: [{ what: 1 }] }), [asked]),
  ],
  ['an entity that is text', () => engine.evaluate('evil', scratch({ entities: ['A::"a"'] }), [asked])],
  ['a schema 140 deep', () => engine.schema('evil', `entity A { a: ${'Set<'.repeat(140)}Long${'>'.repeat(140)} };`)],
  [
    'a schema as JSON 200 deep',
    () => engine.schema('evil', { '': { entityTypes: {}, actions: {}, commonTypes: deepJson(200) } } as never),
  ],
]

const mine = liveSet(rules('@notice("no robots") forbid(principal is Robot, action, resource);', permit), 'good')

/** The second tenant decides for as long as the work goes on: how often, and how long it waited at most. */
async function decideMeanwhile(work: Promise<unknown>): Promise<{ decisions: number; longest: number }> {
  const state = { over: false }
  let longest = 0
  let decisions = 0
  const end = work.finally(() => (state.over = true))
  while (!state.over) {
    const start = performance.now()
    const [ann, robot]: LiveDecision[] = await Promise.all([
      engine.decide(mine, question()),
      engine.decide(mine, question({ principal: ref('Robot::r2') })),
    ])
    longest = Math.max(longest, performance.now() - start)
    decisions++
    expect(ann).toMatchObject({ permitted: true, matching_policy_ids: ['r1'] })
    expect(robot).toMatchObject({ permitted: false, matching_policy_ids: ['r0'], notices: ['no robots'] })
    await new Promise(setImmediate)
  }
  await end
  return { decisions, longest }
}

test.each(crashing)('%s: refused, while another tenant decides rightly and does not wait', async (_, send) => {
  let refusal: unknown
  const work = send().catch((error: unknown) => (refusal = error))
  const { decisions, longest } = await decideMeanwhile(work)
  expect(refusal).toBeInstanceOf(DomainError)
  expect(refusal).toMatchObject({ code: 'invalid_body' })
  expect(decisions).toBeGreaterThan(0)
  expect(longest).toBeLessThan(1000)
})

test('a tenant that floods the queue is told so; another one is served before the flood is', async () => {
  const served: string[] = []
  const flood = Array.from({ length: 40 }, () =>
    engine.evaluate('evil', scratch(), [asked]).then(
      () => served.push('evil'),
      (error: DomainError) => error.code,
    ),
  )
  const other = engine.evaluate('good', scratch(), [asked]).then(() => served.push('good'))
  const codes = await Promise.all(flood)
  await other
  expect(codes.filter((code) => code === 'rate_limited').length).toBeGreaterThan(0)
  expect(served.filter((who) => who === 'evil').length).toBeGreaterThan(10)
  expect(served.indexOf('good')).toBeLessThan(5)
})

test('at the end what is under way is refused, nothing new is taken, and no thread is left', async () => {
  const stopping = policyEngine()
  const waiting = [1, 2, 3].map(() => stopping.evaluate('a', scratch(), [asked]))
  const settled = Promise.allSettled(waiting)
  await stopping.onApplicationShutdown()
  for (const each of await settled) expect(each).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
  await expect(stopping.parse('a', permit)).rejects.toMatchObject({ code: 'unavailable' })
})

test('no text, set or value makes the engine throw anything but a DomainError, or hurts what comes next', async () => {
  const token = fc.constantFrom(
    ...'permit forbid principal action resource context when unless if then else in is has like true 1 + - * ! . , ; : :: ( ) [ ] { } == && || < "a" @a("b") User::"a" ?principal // \n \r é 😀'.split(
      ' ',
    ),
  )
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.array(token, { maxLength: 60 }).map((words) => words.join(' ')),
    fc.array(token, { maxLength: 20 }).map((words) => condition(words.join(' '))),
    fc.tuple(token, fc.integer({ min: 1, max: 300 })).map(([word, times]) => condition(word.repeat(times))),
  )
  const refusals = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      expect(error.code).toBe('invalid_body')
    }
  }
  await fc.assert(
    fc.asyncProperty(text, fc.jsonValue({ maxDepth: 4 }), fc.string(), async (policies, value, type) => {
      const over = { principal: { type, id: 'x' }, context: { value } }
      await refusals(engine.parse('evil', policies))
      await refusals(engine.evaluate('evil', scratch({ policies }), [asked]))
      await refusals(engine.evaluate('evil', scratch({ schema: policies, entities: [value] }), [asked]))
      await refusals(engine.ruleOfJson('evil', value as never))
      await refusals(engine.evaluate('evil', scratch({ policies: { a: value as never } }), [asked]))
      await refusals(engine.validate('evil', { rules: { a: policies } }, value as never))
      await refusals(engine.evaluate('evil', scratch(), [{ ...asked, context: { value } }]))
      await refusals(engine.decide(mine, question(over as never)))
      await expect(engine.decide(mine, question())).resolves.toMatchObject({ permitted: true })
    }),
    { numRuns: 250 },
  )
}, 180_000)

import fc from 'fast-check'
import { policyEngine } from '../../../../test/support/policies.ts'
import type { Entity, EntityRef } from './cedar.ts'
import { Cedar } from './instance.ts'
import type { ScratchRequest, ScratchSet } from './types.ts'

/* Whatever is asked of a set that comes with the question: Cedar, asked directly, says the same. */

const engine = policyEngine()
const cedar = new Cedar()

afterAll(() => engine.onApplicationShutdown())

const types = ['User', 'Group', 'NS::Photo', '_x']
const ids = ['a', 'b', '', '\0', '\n', 'é😀', 'x"\\y', 'A::B', '\u202e']
const type = fc.constantFrom(...types)
const uid = fc.record({ type, id: fc.constantFrom(...ids) })
const quoted = (text: string): string =>
  `"${[...text].map((each) => (/[\p{Cc}"\\]/u.test(each) ? `\\u{${each.codePointAt(0)?.toString(16)}}` : each)).join('')}"`
const literal = (ref: EntityRef): string => `${ref.type}::${quoted(ref.id)}`
const entity = uid.map(literal)

const leaf = fc.oneof(
  entity,
  fc.constantFrom(
    ...'true|false|0|1|-1|9223372036854775807|-9223372036854775808|"s"|""|"a*b"|principal|action|resource|context'.split('|'),
    ...'[]|{}|ip("10.0.0.1")|ip("::1/64")|decimal("1.2345")|datetime("2026-10-15T11:35:00.000+0100")|duration("1d2h")'.split('|'),
    ...'context.n|context.s|context.set|context.d|context.who|principal.x|resource["y z"]'.split('|'),
  ),
) // prettier-ignore

/** `_` is an expression, `@` the literal of an entity. */
const forms = [
  ...['&&', '||', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', 'in'].map((operator) => `(_ ${operator} _)`),
  ...['contains', 'containsAll', 'containsAny', 'hasTag', 'getTag'].map((method) => `(_).${method}(_)`),
  ...['isInRange', 'lessThan', 'greaterThanOrEqual', 'offset', 'durationSince'].map((method) => `(_).${method}(_)`),
  ...['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast', 'toDate', 'toTime', 'isEmpty'].map((name) => `(_).${name}()`),
  '!(_)',
  '-(_)',
  '(if _ then _ else _)',
  '(_ in [@, @])',
  '(_ is User)',
  '(_ is NS::Photo in @)',
  '(_ has x)',
  '(_ has "y z")',
  '(context has a.b.c)',
  '(_ like "*s\\**é*")',
  '(_).x',
  '(_)["y z"]',
  '[_, _]',
  '{x: _, "y z": _}',
  'ip(_)',
  'decimal(_)',
  'datetime("2026-13-01")',
  'duration("1h1d")',
]

const filled = (form: string, parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> => {
  const places = form.match(/[_@](?![a-z])/g) ?? []
  const values = fc.tuple(...places.map((place) => (place === '_' ? fc.oneof(...parts) : entity)))
  return values.map((found) => {
    const next = found.values()
    return form.replaceAll(/[_@](?![a-z])/g, () => next.next().value ?? '')
  })
}

let expression = leaf
for (let depth = 0; depth < 3; depth++) {
  const below = expression
  expression = fc.constantFrom(...forms).chain((form) => filled(form, [leaf, below]))
}

const scope = (variable: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(variable, `${variable} is User`) },
    { weight: 1, arbitrary: entity.map((each) => `${variable} == ${each}`) },
    { weight: 1, arbitrary: entity.map((each) => `${variable} in ${each}`) },
    { weight: 1, arbitrary: entity.map((each) => `${variable} is NS::Photo in ${each}`) },
  )
const policy = fc
  .record({
    note: fc.constantFrom('', '@notice("n") ', '@id("z") '),
    effect: fc.constantFrom('permit', 'permit', 'forbid'),
    principal: scope('principal'),
    action: fc.constantFrom('action', 'action == Action::"a"', 'action in [Action::"b", NS::Action::"b"]'),
    resource: scope('resource'),
    clauses: fc.array(fc.tuple(fc.constantFrom('when', 'unless'), expression), { maxLength: 2 }),
  })
  .map(({ note, effect, principal, action, resource, clauses }) => {
    const conditions = clauses.map(([kind, body]) => ` ${kind} { ${body} }`).join('')
    return `${note}${effect}(${principal}, ${action}, ${resource})${conditions};`
  })
const policies = fc.array(policy, { minLength: 1, maxLength: 12 })

const extension = (fn: string, ...args: string[]): fc.Arbitrary<object> =>
  fc.constantFrom(...args).map((arg) => ({ __extn: { fn, arg } }))
const plain = fc.oneof(
  fc.constantFrom<unknown>(1, -5, 9007199254740991, 's', 'é\0', true),
  uid.map((ref) => ({ __entity: ref })),
  extension('ip', '10.0.0.1'),
  extension('decimal', '1.5'),
  extension('datetime', '2026-01-01'),
  extension('duration', '1h'),
)
const value = fc.oneof(plain, fc.array(plain, { maxLength: 2 }), fc.record({ x: plain, 'y z': plain }))
const entities = fc.uniqueArray(
  fc.record({
    uid,
    attrs: fc.record({ x: value, 'y z': value }, { requiredKeys: [] }),
    parents: fc.array(fc.record({ type: fc.constant('Group'), id: fc.constantFrom('staff', 'a') }), { maxLength: 1 }),
    tags: fc.record({ s: value, é: value }, { requiredKeys: [] }),
  }),
  { maxLength: 5, selector: ({ uid: { type: of, id } }) => `${of} ${id}` },
)
const request = fc.record({
  principal: uid,
  action: fc.constantFrom({ type: 'Action', id: 'a' }, { type: 'Action', id: 'b' }, { type: 'NS::Action', id: 'b' }),
  resource: uid,
  context: fc.record({ n: value, s: value, set: value, d: value, who: value }, { requiredKeys: [] }),
  validate_request: fc.boolean(),
})
const schema = fc.option(
  fc.constant(`
    entity User in [Group] = { x?: Long, "y z"?: String } tags String;
    entity Group, _x;
    namespace NS { entity Photo in [Group] = { x?: Set<Long> }; action b appliesTo { principal: User, resource: Photo }; }
    action a appliesTo { principal: [User, _x], resource: [NS::Photo, User], context: { n?: Long, s?: String } };`),
  { freq: 3 },
)

/** A set and a question, as they are given to Cedar itself. */
function direct(set: ScratchSet, { validate_request, ...asked }: ScratchRequest): unknown {
  const answer = cedar.call((api) =>
    api.isAuthorized({
      ...(asked as { principal: EntityRef; action: EntityRef; resource: EntityRef; context: never }),
      entities: set.entities as Entity[],
      policies: { staticPolicies: set.policies as string },
      ...(set.schema !== null && { schema: set.schema, validateRequest: validate_request }),
    }),
  )
  if (answer.type === 'failure') return null
  const { decision, diagnostics } = answer.response
  return {
    decision,
    matching: diagnostics.reason.toSorted(),
    errors: diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`).toSorted(),
  }
}

/** What the engine says of each question, in the same form; null where it finds something wrong. */
async function ours(set: ScratchSet, requests: readonly ScratchRequest[]): Promise<unknown[]> {
  try {
    const answers = await engine.evaluate('tenant', set, requests)
    return answers.map((answer) => {
      if ('error' in answer) return null
      const { permitted, decision, matching_policy_ids, errors } = answer
      expect(permitted).toBe(decision === 'allow')
      const said = errors.map(({ policy_id, message }) => `${policy_id}: ${message}`)
      return { decision, matching: matching_policy_ids.toSorted(), errors: said.toSorted() }
    })
  } catch {
    return requests.map(() => null)
  }
}

test('inline sets are decided as Cedar decides them: by position and by id, with a schema and without', async () => {
  const decisions: unknown[] = []
  await fc.assert(
    fc.asyncProperty(
      policies,
      fc.boolean(),
      entities,
      schema,
      fc.array(request, { minLength: 1, maxLength: 5 }),
      async (texts, byId, given, declared, requests) => {
        const named = Object.fromEntries(texts.map((text, index) => [`policy "${index}"`, text]))
        const set: ScratchSet = { policies: byId ? named : texts.join('\n'), entities: given, schema: declared }
        const expected = requests.map((each) => direct(set, each))
        expect(await ours(set, requests)).toEqual(expected)
        decisions.push(...expected)
      },
    ),
    { numRuns: 250 },
  )
  const told = decisions.filter((each) => each !== null) as { decision: string; errors: string[] }[]
  expect(told.length).toBeGreaterThan(50)
  expect(told.filter(({ decision }) => decision === 'allow').length).toBeGreaterThan(0)
  expect(told.filter(({ errors }) => errors.length > 0).length).toBeGreaterThan(0)
}, 120_000)

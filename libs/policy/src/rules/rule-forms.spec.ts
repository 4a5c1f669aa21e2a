import fc from 'fast-check'
import { startWorld, type World } from '../../../../test/support/world.ts'
import { RuleForms } from './rule-forms.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const name = fc.constantFrom('User', 'Group', 'AwsAccount', 'AWS::Account')
const id = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((text) => !/^\s*$|\p{Cc}/u.test(text) && !text.startsWith('?'))
const text = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('"', '\\', '\\"', '//', "it's", '{{', '🙂', '\n'))

const scope = (side: string): fc.Arbitrary<Record<string, string>> =>
  fc.oneof(
    fc.constant({ [`${side}_scope_type`]: 'any' }),
    fc.record({
      [`${side}_scope_type`]: fc.constantFrom('eq', 'in'),
      [`${side}_entity_type`]: name,
      [`${side}_entity_id`]: id,
    }),
    fc.record({ [`${side}_scope_type`]: fc.constant('is'), [`${side}_entity_type`]: name }),
    fc.record({
      [`${side}_scope_type`]: fc.constant('is_in'),
      [`${side}_entity_type`]: name,
      [`${side}_in_type`]: name,
      [`${side}_in_id`]: id,
    }),
  )

const condition = fc.oneof(
  fc.constantFrom(
    'true',
    'context has ticket',
    'principal.hasTag("a b") && principal.getTag("a b") like "x*y\\*"',
    '(1 + 2) * 3 - -4 < 10',
    'if true then [1, 2].contains(1) else {"a": 1}.a == 1',
    'ip("10.0.0.1").isLoopback() || decimal("1.2").lessThan(decimal("1.3"))',
  ),
  text.map(
    (value) =>
      `"${[...value]
        .filter((each) => !/\p{Cc}/u.test(each))
        .join('')
        .replaceAll('\\', '\\\\')
        .replaceAll('"', '\\"')}" == context.reason`,
  ),
)

const rule = fc
  .record({
    effect: fc.constantFrom('permit' as const, 'forbid' as const),
    principal: scope('principal'),
    resource: scope('resource'),
    action: fc.oneof(
      fc.constant({ action_scope_type: 'any' }),
      fc.record({ action_scope_type: fc.constant('eq'), action_ids: fc.array(id, { minLength: 1, maxLength: 1 }) }),
      fc.record({
        action_scope_type: fc.constant('in'),
        action_ids: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }),
      }),
    ),
    conditions: fc.array(fc.tuple(fc.constantFrom('when', 'unless'), condition), { maxLength: 3 }),
    // A blank one is none.
    notice: fc.option(text.filter((each) => each.trim() !== '')),
    audit_session: fc.boolean(),
  })
  .map(({ principal, resource, action, conditions, ...others }) => ({
    ...others,
    ...principal,
    ...resource,
    ...action,
    conditions: conditions.map(([kind, body]) => `${kind} { ${body} }`).join(' '),
  }))

test('a rule goes from fields to text to JSON and back to fields, and says the same all the way', async () => {
  const forms = world.app.get(RuleForms)
  await fc.assert(
    fc.asyncProperty(rule, async (given) => {
      const first = await forms.ofInput(world.acme.id, given as never, '')
      for (const [field, value] of Object.entries(given)) {
        if (field === 'conditions') continue
        expect([field, first[field as keyof typeof first]]).toEqual([field, value])
      }
      const { policy_text, policy_json, policy_text: _t, annotations, slots: _s, ...fields } = first
      expect(await forms.ofInput(world.acme.id, { policy_text }, '')).toEqual(first)
      expect(await forms.ofInput(world.acme.id, { policy_json }, '')).toEqual(first)
      expect(await forms.ofInput(world.acme.id, { ...fields, annotations } as never, '')).toEqual(first)
      expect(await forms.ofText(world.acme.id, policy_text, 'text')).toMatchObject([first])
    }),
    { numRuns: 60 },
  )
}, 120_000)

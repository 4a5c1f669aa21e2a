import fc from 'fast-check'
import { json, liveSet, policyEngine, question, ref, rules } from '../../../../test/support/policies.ts'
import { attributesOf } from './attributes.ts'
import { linked } from './links.ts'
import { actionId, actionRef } from './rule-fields.ts'
import type { EntityScope, RuleFields } from './types.ts'

const engine = policyEngine()

afterAll(() => engine.onApplicationShutdown())

const plain: RuleFields = {
  effect: 'permit',
  principal: { scope_type: 'any' },
  action: { scope_type: 'any' },
  resource: { scope_type: 'any' },
  conditions: '',
  annotations: {},
}

test('a rule is given as fields and read as Cedar', async () => {
  const rule = await engine.rule('t', {
    effect: 'forbid',
    principal: { scope_type: 'is_in', entity_type: 'User', in_type: 'Group', in_id: 'on "call"' },
    action: { scope_type: 'in', action_ids: ['extend', 'AWS::Action::"read"'] },
    resource: { scope_type: 'eq', entity_type: 'AWS::Account', entity_id: '123456789012' },
    conditions: 'when { context.mfa_age < 300 } // fresh\nunless { principal.level > 3 }',
    annotations: { notice: 'Say "please"', audit_session: 'false' },
  })
  expect(rule.text).toBe(
    '@audit_session("false")\n@notice("Say \\"please\\"")\n' +
      'forbid(principal is User in Group::"on \\"call\\"", action in [Action::"extend", AWS::Action::"read"], ' +
      'resource == AWS::Account::"123456789012") when { context.mfa_age < 300 } unless { principal.level > 3 };',
  )
  expect(rule.notice).toEqual({ notice: 'Say "please"', advice: null, audit_session: false })
})

test('a text gives its rules in their order, with what they say', async () => {
  const texts = Array.from({ length: 12 }, (_, index) => `@notice("${index}") permit(principal, action, resource);`)
  const file = `// a file\n${texts.join('\n// between; them\n')}`
  const parsed = await engine.parse('t', file)
  expect(parsed.map(({ notice }) => notice.notice)).toEqual(texts.map((_, index) => String(index)))
  expect(parsed.map(({ place: { start, end } }) => file.slice(start, end))).toEqual(texts)
})

test('a set of 1,000 rules is read and validated', async () => {
  const texts = Array.from(
    { length: 1000 },
    (_, n) => `permit(principal, action, resource) when { principal.level > ${n} };`,
  )
  const parsed = await engine.parse('t', texts.join('\n'))
  expect(parsed.map(({ text }) => text)).toEqual(texts)
  const set = { rules: Object.fromEntries(parsed.map(({ json: rule }, n) => [`r${n}`, n === 900 ? 'permit(' : rule])) }
  const { errors } = await engine.validate('t', set, schema)
  expect(errors).toMatchObject([{ rule_id: 'r900' }])
})

describe('conditions cannot leave their rule:', () => {
  test.each([
    ['a second rule', 'when { true }; permit(principal, action, resource)'],
    ['a second rule behind a comment', 'when { true } // \n; permit(principal, action, resource) when { true }'],
    ['a semicolon', ';'],
    ['a brace that closes', 'when { true } } when { true'],
    ['a scope', '(principal, action, resource)'],
    ['an annotation', '@notice("x") permit(principal, action, resource);'],
    ['no clause', 'true'],
  ])('%s', async (_, conditions) => {
    await expect(engine.rule('t', { ...plain, conditions })).rejects.toMatchObject({
      code: 'invalid_body',
      details: { fields: [{ field: 'conditions' }] },
    })
  })

  test('and a comment at their end does not swallow what follows', async () => {
    const { text } = await engine.rule('t', { ...plain, conditions: 'when { true } // and so on' })
    expect(text).toBe('permit(principal, action, resource) when { true };')
  })
})

test('ids and annotations are no way into a rule', async () => {
  const id = '"); permit(principal, action, resource); //\n\u0000\u{1F600}'
  const principal: EntityScope = { scope_type: 'eq', entity_type: 'User', entity_id: id }
  const rule = await engine.rule('t', { ...plain, principal, annotations: { notice: id } })
  await expect(engine.parse('t', rule.text)).resolves.toEqual([{ ...rule, place: { start: 0, end: rule.text.length } }])
  expect(rule.fields).toMatchObject({ principal, annotations: { notice: id } })
})

test.each<[string, Partial<RuleFields>, string]>([
  ['a type that is none', { principal: { scope_type: 'is', entity_type: 'a b' } }, 'principal.entity_type.type'],
  ['a scope without its id', { resource: { scope_type: 'eq', entity_type: 'A' } }, 'resource.entity_id'],
  ['a scope without its type', { resource: { scope_type: 'in', entity_id: 'A' } }, 'resource.entity_type'],
  [
    'a slot with a type',
    { principal: { scope_type: 'in', entity_type: 'Group', entity_id: '?principal' } },
    'principal.entity_type',
  ],
  ['two actions that are equal to one', { action: { scope_type: 'eq', action_ids: ['a', 'b'] } }, 'action.action_ids'],
  ['no action', { action: { scope_type: 'in', action_ids: [] } }, 'action.action_ids'],
  ['an annotation with a bad name', { annotations: { 'a b': '' } }, 'annotations.a b'],
])('fields that make no rule are refused by name: %s', async (_, fields, field) => {
  await expect(engine.rule('t', { ...plain, ...fields })).rejects.toMatchObject({
    code: 'invalid_body',
    details: { fields: [{ field: expect.stringContaining(field.replace('.type', '')) }] },
  })
})

test('an expression deeper than Cedar reads back as JSON is refused with the limit', async () => {
  const long = Array.from({ length: 48 }, (_, n) => `context.a${n}`)
  const both = `when { (${long.join(' && ')}) == ((${'1+'.repeat(47)}1) == ((${'1*'.repeat(47)}1))) }`
  await expect(engine.rule('t', { ...plain, conditions: both })).resolves.toBeDefined()
  const deeper = `when { ${'('.repeat(40)}true${' || false)'.repeat(40)}${' && true'.repeat(40)} }`
  await expect(engine.rule('t', { ...plain, conditions: deeper })).rejects.toMatchObject({
    code: 'invalid_body',
    message: expect.stringContaining('52 deep'),
  })
})

/* ---- Fields ↔ JSON ↔ text ---- */

const typeName = fc.constantFrom('User', 'Group', 'AWS::Account', '_x')
const anyId = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }).filter((id) => id.isWellFormed()),
)
const scope = (slot: string): fc.Arbitrary<EntityScope> =>
  fc.oneof(
    fc.constant<EntityScope>({ scope_type: 'any' }),
    fc.record({ scope_type: fc.constantFrom('eq' as const, 'in' as const), entity_type: typeName, entity_id: anyId }),
    fc.constant<EntityScope>({ scope_type: 'in', entity_type: null, entity_id: slot }),
    fc.record({ scope_type: fc.constant('is' as const), entity_type: typeName }),
    fc.record({ scope_type: fc.constant('is_in' as const), entity_type: typeName, in_type: typeName, in_id: anyId }),
  )
const fields: fc.Arbitrary<RuleFields> = fc.record({
  effect: fc.constantFrom('permit' as const, 'forbid' as const),
  principal: scope('?principal'),
  action: fc.oneof(
    fc.constant({ scope_type: 'any' as const }),
    anyId.map((id) => ({ scope_type: 'eq' as const, action_ids: [actionId({ type: 'Action', id })] })),
    fc
      .array(fc.record({ type: fc.constantFrom('Action', 'AWS::Action'), id: anyId }), { minLength: 1, maxLength: 3 })
      .map((refs) => ({ scope_type: 'in' as const, action_ids: refs.map(actionId) })),
  ),
  resource: scope('?resource'),
  conditions: fc.constantFrom(
    '',
    'when { true }',
    'when { context.a } unless { 1 + 2 == 3 }',
    'when { principal in [User::"é"] }',
  ),
  annotations: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), anyId, { maxKeys: 3 }),
})

test('fields, Cedar JSON and Cedar text are one rule: each gives the others back', async () => {
  await fc.assert(
    fc.asyncProperty(fields, async (given) => {
      const rule = await engine.rule('t', given)
      const { conditions: _, ...scopes } = given
      expect(rule.fields).toMatchObject(JSON.parse(JSON.stringify(scopes)) as object)
      await expect(engine.rule('t', rule.fields)).resolves.toEqual(rule)
      await expect(engine.ruleOfJson('t', rule.json)).resolves.toEqual(rule)
      await expect(engine.parse('t', rule.text)).resolves.toEqual([
        { ...rule, place: { start: 0, end: rule.text.length } },
      ])
    }),
    { numRuns: 150 },
  )
})

test('an action is written in the shortest way that reads back', () => {
  fc.assert(
    fc.property(fc.constantFrom('Action', 'A::Action'), anyId, (type, id) => {
      expect(actionRef(actionId({ type, id }), 'action')).toEqual({ type, id })
    }),
  )
  expect(actionId(ref('Action::extend'))).toBe('extend')
})

/* ---- Templates ---- */

test('a link is its template with the slots filled', async () => {
  const [template] = await engine.parse(
    't',
    '@notice("n") permit(principal == ?principal, action, resource is Photo in ?resource) when { true };',
  )
  if (template === undefined) throw new Error('there is one')
  expect(template.slots).toEqual(['?principal', '?resource'])
  const values = { '?principal': ref('User::ann'), '?resource': ref('Album::trip') }
  expect(linked(template.json, values)).toEqual(
    json('@notice("n") permit(principal == User::"ann", action, resource is Photo in Album::"trip") when { true };'),
  )
  expect(() => linked(template.json, { '?principal': ref('User::ann') })).toThrow('?resource')
  expect(() => linked(json('permit(principal, action, resource);'), values)).toThrow('no slot ?principal')
})

/* ---- Schema, validation ---- */

const schema = `entity User { level: Long }; entity Photo { level: Long };
  action view appliesTo { principal: User, resource: Photo, context: { mfa: Bool } };`

test('a schema is given as text or JSON and comes back as both', async () => {
  const parsed = await engine.schema('t', schema)
  await expect(engine.schema('t', parsed.json)).resolves.toEqual(parsed)
  await expect(engine.schema('t', parsed.text)).resolves.toMatchObject({ text: parsed.text })
  await expect(engine.schema('t', 'entity User { a: Lng };')).rejects.toMatchObject({
    code: 'invalid_body',
    details: { fields: [{ field: 'schema' }], offset: 17 },
  })
})

test('validation says which rule is wrong, where, and what was meant', async () => {
  const typo = 'permit(principal, action == Action::"view", resource) when { "é" == "" || principal.levl > 3 };'
  const found = await engine.validate(
    't',
    {
      rules: { good: 'permit(principal, action == Action::"view", resource);', typo },
      templates: { mold: 'permit(principal == ?principal, action == Action::"vew", resource);' },
      links: { link: { template_id: 'mold', values: { '?principal': ref('User::ann') } } },
    },
    schema,
  )
  expect(found.errors).toContainEqual({
    rule_id: 'typo',
    message: 'for policy `typo`, attribute `levl` on entity type `User` not found',
    help: 'did you mean `level`?',
    place: { start: typo.indexOf('principal.levl'), end: typo.indexOf(' > 3') },
  })
  expect(new Set(found.errors.map(({ rule_id }) => rule_id))).toEqual(new Set(['typo', 'mold']))
})

test.each(['9007199254740992', '9007199254740993', '9223372036854775807'])(
  'a number that JSON would round is refused where it stands: %s',
  async (number) => {
    const text = `// 9007199254740993\npermit(principal, action, resource) when { context.a9007199254740993 == "9007199254740993" || -${number} == 1 };`
    const finding = {
      message: `\`${number}\` is a whole number beyond 2^53`,
      help: 'use at most 9007199254740991',
    }
    const place = (within: string) => ({ start: within.indexOf(` -${number}`) + 2, end: within.indexOf(' == 1 }') })
    await expect(engine.parse('t', text)).rejects.toMatchObject({
      code: 'invalid_body',
      details: { findings: [{ ...finding, place: place(text) }] },
    })
    const any = { scope_type: 'any' } as const
    const conditions = text.slice(text.indexOf('when'), -1)
    const given = {
      effect: 'permit',
      principal: any,
      action: any,
      resource: any,
      conditions,
      annotations: {},
    } as const
    await expect(engine.rule('t', given)).rejects.toMatchObject({
      details: { fields: [{ field: 'conditions' }], findings: [{ ...finding, place: place(conditions) }] },
    })
  },
)

test('what cannot be parsed is an error of its rule, beside those of others', async () => {
  const found = await engine.validate(
    't',
    { rules: { a: 'permit(principal);', b: 'permit(', c: 'forbid(principal, action, resource);' } },
    schema,
  )
  expect(found.errors.map(({ rule_id }) => rule_id)).toEqual(['a', 'b'])
})

test('a sound set has no errors, and warnings for what can never apply', async () => {
  const found = await engine.validate(
    't',
    { rules: { never: 'permit(principal is Photo, action, resource);' } },
    schema,
  )
  expect(found.errors).toEqual([])
  expect(found.warnings).toContainEqual(expect.objectContaining({ rule_id: 'never' }))
})

/* ---- Attributes ---- */

test('free-form attributes cannot say that they are an entity, and hold what Cedar can hold', async () => {
  const attrs = attributesOf({
    manager: { __entity: ref('User::root') },
    __extn: { fn: 'ip', arg: '::1' },
    score: 1.5,
    tiny: 0.00001,
    none: null,
    tags: ['a', null, 2],
    big: 2 ** 60,
    deep: { list: [{ x: true }] },
  })
  expect(attrs).toEqual({
    manager: {},
    score: { __extn: { fn: 'decimal', arg: '1.5000' } },
    tags: ['a', 2],
    deep: { list: [{ x: true }] },
  })
  const set = liveSet(
    rules('permit(principal, action, resource) when { principal.score.greaterThan(decimal("1.4")) };'),
  )
  const entities = [{ uid: ref('User::ann'), attrs, parents: [] }]
  await expect(engine.decide(set, question({ entities }))).resolves.toMatchObject({ permitted: true })
})

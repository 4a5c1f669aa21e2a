import { entity, policyEngine, question, ref } from '../../../../test/support/policies.ts'
import type { Decision, ScratchFailure, ScratchRequest, ScratchSet } from './types.ts'

/*
 * Decisions of a set that comes with the question are Cedar's own. The cases follow the areas of Cedar's integration
 * tests: scopes, errors in policies, extension types, tags, templates, request validation.
 */

const engine = policyEngine()

afterAll(() => engine.onApplicationShutdown())

const permit = 'permit(principal, action, resource);'
const asked: ScratchRequest = { ...question(), validate_request: true }

async function evaluate(
  set: Partial<ScratchSet>,
  request: Partial<ScratchRequest> = {},
): Promise<Decision | ScratchFailure> {
  const [answer] = await engine.evaluate('tenant', { policies: permit, entities: [], schema: null, ...set }, [
    { ...asked, ...request },
  ])
  if (answer === undefined) throw new Error('there is an answer for each question')
  return answer
}

const photos = `
  entity User in [Group] { department: String, level: Long };
  entity Group;
  entity Album;
  entity Photo in [Album] { owner: User, private: Bool } tags String;
  action view, edit appliesTo { principal: User, resource: Photo, context: { mfa: Bool, ip?: ipaddr } };
`
const people = [
  entity('User::ann', { department: 'x', level: 5 }, ['Group::staff']),
  entity('User::bob', { department: 'y', level: 1 }),
  entity('Photo::beach', { owner: { __entity: ref('User::ann') }, private: true }, ['Album::trip']),
]
const view = { action: ref('Action::view'), resource: ref('Photo::beach'), context: { mfa: true } }

test('allow and deny, each with the policies that determined it', async () => {
  await expect(evaluate({})).resolves.toEqual({
    permitted: true,
    decision: 'allow',
    matching_policy_ids: ['policy0'],
    errors: [],
    reason: 'Permitted by a policy',
    notices: [],
  })
  await expect(evaluate({ policies: '' })).resolves.toMatchObject({
    decision: 'deny',
    matching_policy_ids: [],
    reason: 'No policy permits this',
  })
  await expect(
    evaluate({ policies: `${permit} forbid(principal, action, resource); ${permit}` }),
  ).resolves.toMatchObject({ decision: 'deny', matching_policy_ids: ['policy1'] })
})

test('policies of a text are named by their place in it, beyond the tenth too', async () => {
  const policies = Array.from({ length: 25 }, () => permit).join('\n')
  const ids = Array.from({ length: 25 }, (_, index) => `policy${index}`)
  await expect(evaluate({ policies })).resolves.toMatchObject({ matching_policy_ids: ids })
})

test('policies by id keep their ids, whatever these are, also as Cedar JSON', async () => {
  const { json } = await engine.ruleOfJson('tenant', {
    effect: 'permit',
    principal: { op: 'All' },
    action: { op: 'All' },
    resource: { op: 'All' },
    conditions: [],
  })
  await expect(
    evaluate({ policies: { 'b "x"': permit, 'a\nb': json, __proto: `@id("other") ${permit}` } }),
  ).resolves.toMatchObject({ matching_policy_ids: ['b "x"', 'a\nb', '__proto'] })
})

test('a policy that errors is skipped and reported: a forbid that errors does not forbid', async () => {
  const policies = `forbid(principal, action, resource) when { context.missing }; ${permit}`
  await expect(evaluate({ policies })).resolves.toMatchObject({
    decision: 'allow',
    matching_policy_ids: ['policy1'],
    errors: [{ policy_id: 'policy0', message: 'record does not have the attribute `missing`' }],
  })
})

test('notices are those of the policies that determined the decision', async () => {
  const policies = `@notice("never said") forbid(principal is Robot, action, resource);
    @notice("twice") ${permit} @notice("twice") ${permit} @notice("once") ${permit}`
  await expect(evaluate({ policies })).resolves.toMatchObject({ notices: ['twice', 'once'] })
})

test('groups, attributes and entity references decide', async () => {
  const policies = `permit(principal in Group::"staff", action == Action::"view", resource in Album::"trip")
    when { resource.owner == principal && principal.level > 3 && context.mfa };`
  const set = { policies, entities: people, schema: photos }
  await expect(evaluate(set, view)).resolves.toMatchObject({ permitted: true })
  await expect(evaluate(set, { ...view, principal: ref('User::bob') })).resolves.toMatchObject({ permitted: false })
  await expect(evaluate(set, { ...view, context: { mfa: false } })).resolves.toMatchObject({ permitted: false })
})

test.each([
  ['an address', 'context.ip.isInRange(ip("10.0.0.0/8"))', { ip: { __extn: { fn: 'ip', arg: '10.9.8.7' } } }],
  ['a decimal', 'context.d.greaterThan(decimal("1.2344"))', { d: { __extn: { fn: 'decimal', arg: '1.2345' } } }],
  ['a time', 'context.t < datetime("2027-01-01T00:00:00Z")', { t: { __extn: { fn: 'datetime', arg: '2026-01-01' } } }],
  ['a duration', 'context.l == duration("1h30m")', { l: { __extn: { fn: 'duration', arg: '90m' } } }],
  ['an entity', 'context.who == User::"ann"', { who: { __entity: ref('User::ann') } }],
  ['a set of records', 'context.s.contains({a: 1, b: [true]})', { s: [{ a: 1, b: [true] }] }],
])('Cedar JSON says %s', async (_, condition, context) => {
  const policies = `permit(principal, action, resource) when { ${condition} };`
  await expect(evaluate({ policies }, { context })).resolves.toMatchObject({ permitted: true, errors: [] })
})

test('a schema says what plain texts are, and which actions stand below others', async () => {
  const schema = `entity User, Photo; action read; action view in [read] appliesTo
    { principal: User, resource: Photo, context: { ip: ipaddr, score: decimal } };`
  const policies = `permit(principal, action in Action::"read", resource)
    when { context.ip == ip("10.0.0.1") && context.score.lessThan(decimal("0.7")) };`
  const context = { ip: '10.0.0.1', score: '0.6' }
  const request = { action: ref('Action::view'), resource: ref('Photo::beach'), context }
  await expect(evaluate({ policies, schema }, request)).resolves.toMatchObject({ permitted: true, errors: [] })
  await expect(evaluate({ policies }, request)).resolves.toMatchObject({ permitted: false, errors: [] })
})

test('tags are read, and a missing one is an error', async () => {
  const tagged = [
    { ...entity('Photo::beach', { owner: { __entity: ref('User::ann') }, private: true }), tags: { a: 'x' } },
  ]
  const policies = `permit(principal, action, resource) when { resource.getTag("a") == "x" };
    forbid(principal, action, resource) when { resource.getTag("b") == "x" };`
  await expect(evaluate({ policies, entities: tagged, schema: photos }, view)).resolves.toMatchObject({
    decision: 'allow',
    matching_policy_ids: ['policy0'],
    errors: [{ policy_id: 'policy1', message: expect.stringContaining('tag `b`') }],
  })
})

test('a template does nothing until it is linked, in a text and by id', async () => {
  const template = '@notice("linked") permit(principal == ?principal, action, resource in ?resource);'
  const links = {
    'ann-trip': {
      template_id: 'policy1',
      values: { '?principal': ref('User::ann'), '?resource': ref('Album::trip') },
    },
  }
  const policies = `forbid(principal is Robot, action, resource); ${template}`
  await expect(evaluate({ policies, entities: people }, view)).resolves.toMatchObject({ decision: 'deny' })
  await expect(evaluate({ policies, links, entities: people }, view)).resolves.toMatchObject({
    decision: 'allow',
    matching_policy_ids: ['ann-trip'],
    notices: ['linked'],
  })
  await expect(evaluate({ policies: { policy1: template }, links, entities: people }, view)).resolves.toMatchObject({
    matching_policy_ids: ['ann-trip'],
  })
})

describe('validation of the request', () => {
  const set = { entities: people, schema: photos }
  const failure = { error: { message: expect.any(String), findings: expect.any(Array) } }

  test.each([
    ['a principal of a type that the schema does not have', { principal: ref('Robot::r2') }],
    ['a resource of a type that the action does not apply to', { resource: ref('Album::trip') }],
    ['an action that the schema does not have', { action: ref('Action::fly') }],
    ['a context without what the action needs', { context: {} }],
    ['a context with what the action does not know', { context: { mfa: true, more: 1 } }],
    ['a context of a wrong type', { context: { mfa: 'yes' } }],
  ])('refuses %s', async (_, over) => {
    await expect(evaluate(set, { ...view, ...over })).resolves.toEqual(failure)
  })

  test('is left out when it is not asked for', async () => {
    const request = { ...view, principal: ref('Robot::r2'), validate_request: false }
    await expect(evaluate(set, request)).resolves.toMatchObject({ decision: 'allow' })
  })

  test('is of no consequence without a schema', async () => {
    await expect(evaluate({}, { principal: ref('Robot::r2') })).resolves.toMatchObject({ decision: 'allow' })
  })
})

test('of a batch, one bad question is its own answer; the others are decided', async () => {
  const set = { policies: permit, entities: people, schema: photos }
  const requests = [
    view,
    { ...view, context: {} },
    { ...view, context: { mfa: 1.5 } },
    { ...view, principal: ref('a b::bob') },
    { ...view, principal: ref('User::bob') },
  ]
  const answers = await engine.evaluate(
    'tenant',
    set,
    requests.map((request) => ({ ...asked, ...request })),
  )
  expect(answers).toEqual([
    expect.objectContaining({ decision: 'allow' }),
    { error: expect.objectContaining({ message: expect.stringContaining('mfa') }) },
    { error: { message: expect.stringContaining('context.mfa: has a fraction'), findings: [] } },
    { error: { message: expect.stringContaining('principal.type'), findings: [] } },
    expect.objectContaining({ decision: 'allow' }),
  ])
})

describe('what is wrong with the set is refused, with its place:', () => {
  test.each([
    ['a text', { policies: `${permit}\n\npermit(principal, action, resource) when { é && };` }, 'policies', 81],
    [
      'one of the policies',
      { policies: { good: permit, bad: 'permit(principal, actin, resource);' } },
      'policies.bad',
      18,
    ],
    [
      'a text with templates',
      { policies: `permit(principal == ?principal, action, resource); ${permit} permit(x);` },
      'policies',
      95,
    ],
    ['a schema', { schema: 'entity User; entiti Group;' }, 'schema', 13],
    ['an entity', { entities: [{ uid: ref('A::a'), attrs: {} }] }, 'entities', undefined],
    [
      'an entity that does not fit the schema',
      { entities: [entity('User::ann')], schema: photos },
      'entities',
      undefined,
    ],
    ['a link without its template', { links: { l: { template_id: 'none', values: {} } } }, 'policies', undefined],
  ])('%s', async (_, set, field, offset) => {
    await expect(evaluate(set as Partial<ScratchSet>, view)).rejects.toMatchObject({
      code: 'invalid_body',
      details: { fields: [{ field }], findings: [expect.anything()], ...(offset === undefined ? {} : { offset }) },
    })
  })
})

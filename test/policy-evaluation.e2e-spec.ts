import { DecisionRecords } from '../libs/policy/src/decisions/decision-records.ts'
import type { Answer, Json } from './support/client.ts'
import { inTenant } from './support/tenant.ts'
import { eventually, startWorld, type World } from './support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
afterEach(async () => {
  const { body } = await world.acme.admin.get('/v1/policies?limit=250')
  for (const { id } of body['data']) await world.acme.admin.delete(`/v1/policies/${id}`)
  await world.acme.admin.put('/v1/policies/schema', { schema: '' })
})

const account = 'aws_account:123456789012'
const post = (path: string, body: Json): Promise<Answer<Json>> => world.acme.admin.post(path, body)

async function policy(cedar_policy_set: string, body: Json = {}): Promise<Json> {
  const made = await post('/v1/policies', { name: 'Access', max_duration_seconds: 3600, cedar_policy_set, ...body })
  expect([made.status, made.text]).toEqual([201, expect.anything()])
  return made.body
}

async function evaluate(body: Json): Promise<Json> {
  const answer = await post('/v1/policies/evaluate', body)
  expect([answer.status, answer.text]).toEqual([200, expect.anything()])
  return answer.body
}

const alice = (): string => `user:${world.acme.people.alice}`

describe('the live policies', () => {
  test('know the person, the manager, the groups and the attributes from the directory', async () => {
    const { admin, people } = world.acme
    const group = await post('/v1/groups', { name: 'Platform' })
    await admin.put(`/v1/groups/${group.body['id']}/members/${people.alice}`)
    await admin.patch(`/v1/identities/${people.alice}`, {
      manager_id: people.bob,
      attributes: { department: 'Engines', level: 7, remote: true, teams: ['a'] },
    })
    const conditions = [
      'principal.name == "alice"',
      'principal has email && principal.email == "alice@acme.example"',
      `principal has manager && principal.manager == User::"${people.bob}"`,
      'principal.lifecycle_state == "active"',
      `principal in Group::"${group.body['id']}"`,
      'principal.hasTag("department") && principal.getTag("department") == "Engines"',
      'principal.hasTag("level") && principal.getTag("level") == "7"',
      'principal.hasTag("remote") && principal.getTag("remote") == "true"',
      '!principal.hasTag("teams")',
    ]
    await policy(
      `permit (principal, action == Action::"read", resource is AwsAccount) when { ${conditions.join(' && ')} };`,
    )
    const question = { principal: alice(), action: 'read', resource: account }
    expect(await evaluate(question)).toMatchObject({ permitted: true, errors: [] })
    await admin.delete(`/v1/groups/${group.body['id']}/members/${people.alice}`)
    expect(await evaluate(question)).toMatchObject({ permitted: false, errors: [] })
    for (const groups of [
      ['Platform'],
      [group.body['id']],
      [`group:${group.body['id']}`],
      [{ type: 'Group', id: group.body['id'] }],
    ])
      expect(await evaluate({ ...question, groups })).toMatchObject({ permitted: true })
  })

  test("take principal, action and resource as texts in our words, in Cedar's, and as objects", async () => {
    await policy(
      `permit (principal == User::"${world.acme.people.alice}", action == Action::"read", resource == AwsAccount::"123456789012");`,
    )
    const id = world.acme.people.alice
    const principals = [
      `user:${id}`,
      `identity:${id}`,
      `User:${id.toUpperCase()}`,
      `User::"${id}"`,
      { type: 'user', id },
      { type: 'User', id: id.replaceAll('-', '') },
    ]
    for (const principal of principals)
      expect(await evaluate({ principal, action: 'read', resource: account })).toMatchObject({ permitted: true })
    for (const action of ['Action::"read"', 'action:read', { type: 'Action', id: 'read' }])
      expect(await evaluate({ principal: alice(), action, resource: account })).toMatchObject({ permitted: true })
    for (const resource of [
      'AwsAccount:123456789012',
      'AwsAccount::"123456789012"',
      { type: 'aws_account', id: '123456789012' },
    ])
      expect(await evaluate({ principal: alice(), action: 'read', resource })).toMatchObject({ permitted: true })
  })

  test('decide about an entitlement as the resource it is on, within its source, its account and its profiles', async () => {
    const { body: source } = await post('/v1/sources', { name: 'AWS', connector: 'aws', attributes: { region: 'eu' } })
    const arn = 'arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-8d9587ff961d5dcf'
    const { body: entitlement } = await post('/v1/entitlements', {
      source_id: source['id'],
      name: 'ReadOnly',
      privileged: true,
      resource: { type: 'aws_permission_set', id: arn },
      action: 'assume',
      attributes: { account_id: '123456789012' },
    })
    const { body: profile } = await post('/v1/access-profiles', {
      name: 'Readers',
      entitlements: [{ entitlement_id: entitlement['id'] }],
    })
    await post(`/v1/access-profiles/${profile['id']}/start`, {})
    const scopes = [
      `resource == AwsPermissionSet::"${arn}"`,
      'resource is AwsPermissionSet',
      'resource in AwsAccount::"123456789012"',
      `resource in Entitlement::"${entitlement['id']}"`,
      `resource in Source::"${source['id']}"`,
      `resource in AccessProfile::"${profile['id']}"`,
    ]
    for (const [index, scope] of scopes.entries()) {
      const { id } = await policy(
        `permit (principal, action == Action::"request_access", ${scope}) when { resource is AwsPermissionSet && resource has entitlement && resource.entitlement.privileged };`.replace(
          'resource.entitlement.privileged',
          'resource.entitlement has privileged && resource.entitlement.privileged',
        ),
        { name: `scope ${index}` },
      )
      for (const resource of [`entitlement:${entitlement['id']}`, `aws_permission_set:${arn}`])
        expect([scope, await evaluate({ principal: alice(), action: 'request_access', resource })]).toEqual([
          scope,
          expect.objectContaining({ permitted: true }),
        ])
      await world.acme.admin.delete(`/v1/policies/${id}`)
    }
  })

  test('know the circumstances: ticket, address, age of the second factor, duration, and the time by themselves', async () => {
    const conditions = [
      'context.time > datetime("2020-01-01")',
      'context has ticket && context.ticket.provider == "jira"',
      'context has network_address && context.network_address.isInRange(ip("10.0.0.0/8"))',
      'context has mfa_age_seconds && context.mfa_age_seconds < 300',
      'context has duration_seconds && context.duration_seconds <= 3600',
      'context has reason && context.reason like "*outage*"',
    ]
    await policy(
      `permit (principal, action == Action::"break_glass", resource is AwsAccount) when { ${conditions.join(' && ')} };`,
    )
    const context = {
      ticket: { provider: 'jira', id: 'OPS-1' },
      network_address: '10.1.2.3',
      mfa_age_seconds: 20,
      duration_seconds: 3600,
      reason: 'The outage',
    }
    const question = { principal: alice(), action: 'break_glass', resource: account }
    expect(await evaluate({ ...question, context })).toMatchObject({ permitted: true, errors: [] })
    for (const [name, value] of Object.entries({
      network_address: '192.168.0.1',
      mfa_age_seconds: 301,
      time: '2019-01-01T00:00:00Z',
    }))
      expect(await evaluate({ ...question, context: { ...context, [name]: value } })).toMatchObject({
        permitted: false,
        errors: [],
      })
    for (const [name, value] of Object.entries({ mfa_age_seconds: '20', ticket: { provider: 'jira' }, reason: 1 })) {
      const { status, text } = await post('/v1/policies/evaluate', {
        ...question,
        context: { ...context, [name]: value },
      })
      expect([status, text.includes(`context.${name}`)]).toEqual([400, true])
    }
  })

  test('deny when a rule errs, and say which', async () => {
    const { id } = await policy(
      'permit (principal, action == Action::"read", resource is AwsAccount); permit (principal, action == Action::"read", resource is AwsAccount) when { 9007199254740991 * context.time.toTime().toMilliseconds() > 0 || true };',
    )
    const answer = await evaluate({ principal: alice(), action: 'read', resource: account })
    expect(answer).toMatchObject({ permitted: false, decision: 'deny' })
    expect(answer['errors']).toMatchObject([{ policy_id: id, message: expect.stringContaining('overflow') }])
  })

  test('answer a batch item by item', async () => {
    await policy('permit (principal, action == Action::"read", resource is AwsAccount);')
    const question = { principal: alice(), action: 'read', resource: account }
    const { responses } = await evaluate({
      requests: [question, { ...question, action: 'write' }, { ...question, context: { reason: 1 } }],
    })
    expect(responses).toMatchObject([{ permitted: true }, { permitted: false }, { error: { code: 'invalid_body' } }])
  })

  test.each([
    [{}, 'principal'],
    [{ principal: 'user:x', action: 'read' }, 'resource'],
    [{ principal: 'user:x', action: 'read', resource: account, entities: [] }, 'entities'],
    [{ principal: 'user:x', action: 'read', resource: account, requests: [] }, 'principal'],
  ])('refuse %j, naming the field', async (body, field) => {
    const { status, body: answer } = await post('/v1/policies/evaluate', body)
    expect([status, answer['details'].fields[0].field]).toEqual([400, field])
  })
})

describe('an inline set', () => {
  const photo = {
    policies: `@notice("Ours") permit (principal == User::"alice", action == Action::"view", resource in Album::"trip");
      forbid (principal, action, resource) when { resource.private && !(principal == resource.owner) };
      permit (principal, action, resource) when { principal.nope };`,
    entities: [
      { uid: { type: 'User', id: 'alice' }, attrs: {}, parents: [] },
      { uid: { type: 'Album', id: 'trip' }, attrs: {}, parents: [] },
      {
        uid: { type: 'Photo', id: '1' },
        attrs: { private: false, owner: { __entity: { type: 'User', id: 'bob' } } },
        parents: [{ type: 'Album', id: 'trip' }],
      },
    ],
    principal: { type: 'User', id: 'alice' },
    action: { type: 'Action', id: 'view' },
    resource: { type: 'Photo', id: '1' },
    context: {},
  }

  test('is decided as Cedar does: ids by position, a rule that errs is skipped and reported', async () => {
    const answer = await evaluate(photo)
    expect(answer).toMatchObject({
      permitted: true,
      decision: 'allow',
      matching_policy_ids: ['policy0'],
      notices: ['Ours'],
    })
    expect(answer['errors']).toMatchObject([{ policy_id: 'policy2', message: expect.stringContaining('nope') }])
    expect(answer).not.toHaveProperty('matching_rule_ids')
  })

  test('takes policies by id, a batch that shares them, and a schema that requests must fit', async () => {
    const schema =
      'entity User; entity Album; entity Photo in [Album] = { private: Bool, owner: User }; action view appliesTo { principal: [User], resource: [Photo] };'
    const policies = { mine: 'permit (principal, action == Action::"view", resource is Photo);' }
    const ask = { principal: photo.principal, action: photo.action, resource: photo.resource }
    const { entities } = photo
    const { responses } = await evaluate({
      policies, entities, schema,
      requests: [ask, { ...ask, resource: { type: 'User', id: 'alice' } }, { ...ask, resource: { type: 'User', id: 'alice' }, validate_request: false }],
    }) // prettier-ignore
    expect(responses).toMatchObject([
      { permitted: true, matching_policy_ids: ['mine'] },
      { error: { code: 'invalid_body' } },
      { permitted: false },
    ])
  })

  test('changes nothing and is not recorded', async () => {
    const before = await world.asOwner('select count(*) from policy_decisions')
    await evaluate(photo)
    await world.app.get(DecisionRecords).flush()
    expect(await world.asOwner('select count(*) from policy_decisions')).toEqual(before)
  })
})

describe('the schema', () => {
  test('is built in, and a tenant adds types, actions and attributes that are filled from the directory', async () => {
    const { admin, people } = world.acme
    const { body: before } = await admin.get('/v1/policies/schema')
    expect(before).toMatchObject({ schema: '', built_in_version: 1 })
    expect(before['whole']).toContain('entity User in [Group]')
    const text =
      'permit (principal, action == Action::"merge", resource is Repository) when { principal has cost_centers && principal.cost_centers.contains(42) };'
    expect((await post('/v1/policies', { name: 'x', max_duration_seconds: 1, cedar_policy_set: text })).status).toBe(
      400,
    )
    const schema = `// ours
entity User = { cost_centers?: Set<Long>, desk?: { floor: Long } };
@doc("a") entity Repository, "Wiki" in [Source] = { "entity": Long };
action merge in [write] appliesTo { principal: [User], resource: [Repository], context: RequestContext };
type RequestContext = { build?: String };
namespace Lab { entity Rat; action go appliesTo { principal: [Rat], resource: [Rat] }; }`.replace(', "Wiki"', ', Wiki')
    const saved = await admin.put('/v1/policies/schema', { schema })
    expect([saved.status, saved.text]).toEqual([200, expect.stringContaining('Repository')])
    expect(saved.body).toMatchObject({ schema, version: before['version'] + 1 })
    await policy(text)
    await admin.patch(`/v1/identities/${people.alice}`, { attributes: { cost_centers: [42], desk: { floor: 'x' } } })
    const question = { principal: alice(), action: 'merge', resource: 'repository:castellan' }
    expect(await evaluate(question)).toMatchObject({ permitted: true, errors: [] })
    await admin.patch(`/v1/identities/${people.alice}`, { attributes: { cost_centers: ['42'] } })
    expect(await evaluate(question)).toMatchObject({ permitted: false, errors: [] })
    expect((await evaluateError({ ...question, context: { build: 7 } }))['code']).toBe('invalid_body')

    const dropped = await admin.put('/v1/policies/schema', { schema: '' })
    expect([dropped.status, dropped.body['code']]).toEqual([409, 'invalid_state'])
    for (const finding of dropped.body['details']['findings'] as Json[])
      expect(finding).toMatchObject({ policy_id: expect.any(String), rule_id: expect.any(String) })
  })

  test.each([
    ['a built-in attribute of another type', 'entity User = { name: Long };', 'User.name'],
    ['other tags', 'entity User tags Long;', 'tags of User'],
    [
      'another context of a built-in action',
      'action read appliesTo { principal: [User], resource: [AwsAccount], context: { x: Long } };',
      'context of read',
    ],
    ['a built-in type of another kind', 'type Ticket = String;', 'Ticket'],
    ['a type that nobody declares', 'entity Repository in [Nothing];', 'Nothing'],
    ['no schema at all', 'entity', 'schema'],
  ])('is not changed by %s, and the refusal names it', async (_, schema, named) => {
    const { status, body } = await world.acme.admin.put('/v1/policies/schema', { schema })
    expect([status, body['code']]).toEqual([400, 'invalid_body'])
    expect(body['message']).toContain(named)
  })

  test('is saved once by two who have read the same version', async () => {
    const { headers } = await world.acme.admin.get('/v1/policies/schema')
    const tag = headers.get('etag') as string
    const saves = await Promise.all(
      ['a', 'b'].map((name) =>
        world.acme.admin.put('/v1/policies/schema', { schema: `entity Own_${name};` }, { 'if-match': tag }),
      ),
    )
    expect(saves.map(({ status }) => status).toSorted()).toEqual([200, 412])
  })
})

describe('validation', () => {
  const validate = async (body: Json): Promise<Json> => {
    const answer = await post('/v1/policies/validate', body)
    expect([answer.status, answer.text]).toEqual([200, expect.anything()])
    return answer.body
  }

  test('finds every error with its place and what would be right', async () => {
    const policies =
      'permit (principal, action == Action::"read", resource is AwsAccount);\npermit (principal, action == Action::"reed", resource);'
    const report = await validate({ policies })
    expect(report).toMatchObject({ valid: false })
    const [finding] = report['errors'] as [Json]
    expect(finding['policy_id']).toBe('policy1')
    expect(policies.slice(finding['offset'], finding['end'])).toContain('reed')
    expect(finding['help']).toContain('did you mean')
    expect(await validate({ policies: { one: 'permit (principal, action, resource);' } })).toMatchObject({
      valid: true,
      errors: [],
    })
    expect(await validate({ policies: 'permit (principal' })).toMatchObject({
      valid: false,
      errors: [{ offset: expect.any(Number) }],
    })
  })

  test('holds policies against another schema when one is given', async () => {
    const policies = 'permit (principal is Cat, action, resource);'
    expect(await validate({ policies })).toMatchObject({ valid: false })
    const schema = 'entity Cat; action purr appliesTo { principal: [Cat], resource: [Cat] };'
    expect(await validate({ policies, schema })).toMatchObject({ valid: true })
  })
})

async function evaluateError(body: Json): Promise<Json> {
  return (await post('/v1/policies/evaluate', body)).body
}

describe('recorded decisions', () => {
  const flush = (): Promise<void> => world.app.get(DecisionRecords).flush()

  test('tell who asked for what, what was decided, by which rules of which version of the set, and how long it took', async () => {
    const made = await policy('permit (principal, action == Action::"read", resource is AwsAccount);')
    const { set_version, matching_rule_ids } = await evaluate({
      principal: alice(),
      groups: ['x'],
      action: 'read',
      resource: account,
      context: { reason: 'why' },
    })
    await flush()
    const { body } = await world.acme.admin.get('/v1/policies/decisions?limit=1')
    expect(body['data'][0]).toMatchObject({
      principal: { type: 'User', id: world.acme.people.alice },
      groups: ['x'],
      action: { type: 'Action', id: 'read' },
      resource: { type: 'AwsAccount', id: '123456789012' },
      context: { reason: 'why', time: expect.any(String) },
      decision: 'allow',
      matching_policy_ids: [made['id']],
      matching_rule_ids,
      set_version,
      duration_us: expect.any(Number),
      actor: { type: 'api_key' },
    })
    const { body: one } = await world.acme.admin.get(`/v1/policies/decisions/${body['data'][0].id}`)
    expect(one).toEqual(body['data'][0])
    for (const [query, found] of Object.entries({
      [`policy_id=${made['id']}`]: true,
      'decision=deny&action=admin': false,
      'action=read&decision=allow': true,
      'from=2999-01-01T00:00:00Z': false,
    }))
      expect([query, (await world.acme.admin.get(`/v1/policies/decisions?${query}`)).body['data'].length > 0]).toEqual([
        query,
        found,
      ])
    expect((await world.globex.admin.get('/v1/policies/decisions')).body['data']).toEqual([])
  })

  test('are written without being asked for, and removed when their time is over', async () => {
    await world.asOwner('delete from policy_decisions')
    await evaluate({ principal: alice(), action: 'read', resource: account })
    const count = async (): Promise<number> =>
      (await world.asOwner<{ n: number }>('select count(*)::int as n from policy_decisions'))[0]?.n ?? 0
    await eventually(async () => expect(await count()).toBe(1))
    const removeOld = (): Promise<void> => inTenant(world.acme.id, () => world.app.get(DecisionRecords).removeOld())
    await world.moveClock(29 * 86_400)
    await removeOld()
    expect(await count()).toBe(1)
    await world.moveClock(31 * 86_400)
    await removeOld()
    expect(await count()).toBe(0)
    await world.moveClock(0)
  })
})

describe('a simulation', () => {
  test('tells which recorded decisions would change, and by which rules, and saves nothing', async () => {
    await world.asOwner('delete from policy_decisions')
    const made = await policy('permit (principal, action == Action::"read", resource is AwsAccount);')
    for (const action of ['read', 'write']) await evaluate({ principal: alice(), action, resource: account })
    await world.app.get(DecisionRecords).flush()
    const set = await world.asOwner('select * from policy_sets')
    const draft =
      'forbid (principal, action == Action::"read", resource); permit (principal, action == Action::"write", resource);'
    const { status, body } = await post('/v1/policies/simulations', {
      policies: [{ id: made['id'], cedar_policy_set: draft }],
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ evaluated: 2, changed: 2, failures: [] })
    const read = (body['changes'] as Json[]).find(({ action }) => action.id === 'read') as Json
    expect(read).toMatchObject({
      before: { decision: 'allow' },
      after: { decision: 'deny' },
      decision_id: expect.any(String),
    })
    expect(read['rules']).toMatchObject([
      { decides: 'before', policy_id: made['id'], policy_text: expect.stringContaining('permit') },
      { decides: 'after', policy_id: made['id'], policy_text: expect.stringContaining('forbid') },
    ])
    expect(await world.asOwner('select * from policy_sets')).toEqual(set)
    expect(await evaluate({ principal: alice(), action: 'read', resource: account })).toMatchObject({ permitted: true })
  })

  test('takes given requests, new policies beside the live ones, and a set that replaces all', async () => {
    await policy('permit (principal, action == Action::"read", resource is AwsAccount);')
    const requests = ['read', 'write'].map((action) => ({ principal: 'user:x', action, resource: account }))
    const permitWrite = { cedar_policy_set: 'permit (principal, action == Action::"write", resource);' }
    const beside = await post('/v1/policies/simulations', { policies: [permitWrite], requests })
    expect(beside.body).toMatchObject({
      evaluated: 2,
      changed: 1,
      changes: [{ action: { id: 'write' }, after: { matching_policy_ids: ['draft0'] } }],
    })
    const instead = await post('/v1/policies/simulations', { policies: [permitWrite], requests, replace_all: true })
    expect(instead.body).toMatchObject({ evaluated: 2, changed: 2 })
    const high = { ...permitWrite, priority: 5, cedar_policy_set: 'forbid (principal, action, resource);' }
    const above = await post('/v1/policies/simulations', { policies: [high], requests })
    expect(above.body).toMatchObject({ changed: 1, changes: [{ action: { id: 'read' }, after: { decision: 'deny' } }] })
  })

  test('of a draft that could not be saved is refused, naming the draft', async () => {
    const { status, body } = await post('/v1/policies/simulations', {
      policies: [{ cedar_policy_set: 'permit (principal, action == Action::"nope", resource);' }],
      requests: [],
    })
    expect([status, body['code'], body['message']]).toEqual([
      400,
      'invalid_body',
      expect.stringContaining('policies.0'),
    ])
  })
})

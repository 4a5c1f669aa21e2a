import { DecisionRecords } from '../libs/policy/src/decisions/decision-records.ts'
import { startApp } from './support/app.ts'
import { Client, type Json } from './support/client.ts'
import { account, startPolicyWorld } from './support/policy-world.ts'
import { inTenant } from './support/tenant.ts'
import { eventually } from './support/world.ts'

const { world, admin, alice, post, policy, evaluate } = await startPolicyWorld()

const flush = (): Promise<void> => world.app.get(DecisionRecords).flush()

/** Also what the tests before have made and nobody has written yet. */
async function forget(): Promise<void> {
  await flush()
  await world.asOwner('delete from policy_decisions')
}

describe('recorded decisions', () => {
  test('tell who asked for what, what was decided, by which rules of which version of the set, and how long it took', async () => {
    const made = await policy('permit (principal, action == Action::"read", resource is AwsAccount);')
    const { set_version, matching_rule_ids } = await evaluate({
      principal: alice,
      groups: ['x'],
      action: 'read',
      resource: account,
      context: { reason: 'why' },
    })
    await flush()
    const { body } = await admin.get('/v1/policies/decisions?limit=1')
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
    const { body: one } = await admin.get(`/v1/policies/decisions/${body['data'][0].id}`)
    expect(one).toEqual(body['data'][0])
    for (const [query, found] of Object.entries({
      [`policy_id=${made['id']}`]: true,
      'decision=deny&action=admin': false,
      'action=read&decision=allow': true,
      'from=2999-01-01T00:00:00Z': false,
    }))
      expect([query, (await admin.get(`/v1/policies/decisions?${query}`)).body['data'].length > 0]).toEqual([
        query,
        found,
      ])
    expect((await world.globex.admin.get('/v1/policies/decisions')).body['data']).toEqual([])
  })

  test('of a batch tell how long each took by itself', async () => {
    await policy('permit (principal, action == Action::"read", resource is AwsAccount);')
    await forget()
    const question = { principal: alice, action: 'read', resource: account }
    const start = performance.now()
    await evaluate({ requests: Array.from({ length: 100 }, () => question) })
    const elapsed = performance.now() - start
    await flush()
    const [sum] = await world.asOwner<{ n: number; us: number }>(
      'select count(*)::int as n, sum(duration_us)::int as us from policy_decisions',
    )
    expect(sum?.n).toBe(100)
    expect((sum?.us ?? 0) / 1000).toBeLessThan(elapsed)
  })

  test('are written without being asked for, and removed when their time is over', async () => {
    await forget()
    await evaluate({ principal: alice, action: 'read', resource: account })
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
    await forget()
    const made = await policy('permit (principal, action == Action::"read", resource is AwsAccount);')
    for (const action of ['read', 'write']) await evaluate({ principal: alice, action, resource: account })
    await flush()
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
    expect(await evaluate({ principal: alice, action: 'read', resource: account })).toMatchObject({ permitted: true })
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

  test('tells which question has no answer, and answers the others', async () => {
    await policy('permit (principal, action == Action::"read", resource) when { context has ticket };')
    const ask = { principal: 'user:x', action: 'read', resource: account }
    const { status, body } = await post('/v1/policies/simulations', {
      policies: [],
      replace_all: true,
      requests: [
        { ...ask, context: { surprise: { __extn: { fn: 'ip', arg: 'nowhere' } } } },
        { ...ask, context: { ticket: { provider: 'jira', id: '1' } } },
      ],
    })
    expect([status, body]).toMatchObject([200, { evaluated: 1, changed: 1, failures: [{ index: 0 }] }])
  })

  test('asks again by the entitlement that was meant, where one resource has several', async () => {
    await forget()
    const { body: source } = await post('/v1/sources', { name: 'AWS', connector: 'aws' })
    const arn = 'arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-8d9587ff961d5dcf'
    const [meant] = await Promise.all(
      ['111111111111', '222222222222'].map((account_id) =>
        post('/v1/entitlements', {
          source_id: source['id'],
          name: 'ReadOnly',
          resource: { type: 'aws_permission_set', id: arn },
          action: 'assume',
          attributes: { account_id },
        }),
      ),
    )
    const id = meant?.body['id'] as string
    const made = await policy(
      'permit (principal, action == Action::"request_access", resource in AwsAccount::"111111111111");',
    )
    const question = { principal: alice, action: 'request_access', resource: `entitlement:${id}` }
    expect(await evaluate(question)).toMatchObject({ permitted: true })
    await flush()
    const { body: recorded } = await admin.get('/v1/policies/decisions')
    expect(recorded['data']).toMatchObject([{ resource: { type: 'AwsPermissionSet', id: arn }, entitlement_id: id }])
    const { body } = await post('/v1/policies/simulations', { policies: [{ id: made['id'], enabled: false }] })
    expect(body).toMatchObject({ evaluated: 1, changed: 1, changes: [{ before: { decision: 'allow' } }] })
  })

  test('is not for a credential that may not read policies', async () => {
    const { body } = await post('/v1/api-keys', { name: 'asks', scopes: ['policies:evaluate'] })
    const asking = new Client(world.url, { 'x-api-key': body['key'], 'x-tenant-id': world.acme.id })
    const answer = await asking.post('/v1/policies/simulations', { policies: [], requests: [] })
    expect([answer.status, answer.body['code']]).toEqual([403, 'forbidden'])
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

test('with DECISION_SAMPLE=0 nothing is recorded, and what waits at the stop of the server is written', async () => {
  const count = async (): Promise<number> =>
    (await world.asOwner<{ n: number }>('select count(*)::int as n from policy_decisions'))[0]?.n ?? 0
  const question = { principal: 'user:x', action: 'read', resource: account }
  await flush()
  const before = await count()
  for (const [sample, recorded] of [
    ['0', 0],
    ['1', 1],
  ] as const) {
    const other = await startApp({ DECISION_SAMPLE: sample }, world.database)
    const { status } = await new Client(other.url, admin.headers).post('/v1/policies/evaluate', question)
    await other.close()
    expect([sample, status, (await count()) - before]).toEqual([sample, 200, recorded])
  }
})

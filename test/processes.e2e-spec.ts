import { GrantsService } from '#grants'
import { systemActor } from '#kernel'
import { startApp, type TestApp } from './support/app.ts'
import { Client, type Json } from './support/client.ts'
import { inTenant } from './support/tenant.ts'
import { eventually, startWorld, type World } from './support/world.ts'

/* Two processes on one database keep the same promises as one. */

let world: World
let other: TestApp

beforeAll(async () => {
  world = await startWorld()
  other = await startApp({}, world.database)
})

afterAll(async () => {
  await other.close()
  await world.close()
})

const through = (app: TestApp, client: Client): Client => new Client(app.url, client.headers)
const account = { type: 'aws_account', id: '123456789012' }

test('a key revoked by one process is refused at once by the other', async () => {
  for (let round = 0; round < 20; round++) {
    const { body } = await world.acme.admin.post('/v1/api-keys', { name: 'short-lived', scopes: ['grants:read'] })
    const key = new Client(other.url, { 'x-api-key': body['key'], 'x-tenant-id': world.acme.id })
    expect((await key.get('/v1/grants?limit=1')).status).toBe(200)
    expect((await world.acme.admin.delete(`/v1/api-keys/${body['id']}`)).status).toBe(204)
    expect((await key.get('/v1/grants?limit=1')).status).toBe(401)
  }
})

test('a grant revoked through one process is never active through the other', async () => {
  const elsewhere = through(other, world.acme.admin)
  for (let round = 0; round < 20; round++) {
    const made = await world.acme.admin.post('/v1/grants', {
      grantee_id: world.acme.people.alice,
      resource: account,
      action: 'x',
    })
    await world.acme.admin.post(`/v1/grants/${made.body['id']}/revocation`, {})
    expect((await elsewhere.get(`/v1/grants/${made.body['id']}`)).body['status']).toBe('revoked')
  }
})

test('a policy saved through one process decides at once through the other', async () => {
  const body = { name: 'Access', max_duration_seconds: 60, cedar_policy_set: 'permit (principal, action, resource);' }
  const { body: policy } = await world.acme.admin.post('/v1/policies', body)
  const elsewhere = through(other, world.acme.admin)
  const question = { principal: 'user:x', action: 'read', resource: 'aws_account:123456789012' }
  for (let round = 0; round < 20; round++) {
    const effect = round % 2 === 0 ? 'forbid' : 'permit'
    const [saving, asking] = round % 3 === 0 ? [elsewhere, world.acme.admin] : [world.acme.admin, elsewhere]
    const saved = await saving.patch(`/v1/policies/${policy['id']}`, {
      cedar_policy_set: `${effect} (principal, action, resource);`,
    })
    expect(saved.status).toBe(200)
    const { body: answer } = await asking.post('/v1/policies/evaluate', question)
    expect([round, answer['permitted']]).toEqual([round, effect === 'permit'])
  }
})

test('an Idempotency-Key sent to both at once has one effect, and one answer', async () => {
  const both = [world.acme.admin, through(other, world.acme.admin)]
  for (let round = 0; round < 10; round++) {
    const key = { 'idempotency-key': `round-${round}` }
    const body = { grantee_id: world.acme.people.bob, resource: account, action: `round ${round}` }
    const first = await Promise.all(
      Array.from({ length: 16 }, (_, index) => (both[index % 2] as Client).post('/v1/grants', body, key)),
    )
    expect(first.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual([])
    const again = await Promise.all(both.map((client) => client.post<Json>('/v1/grants', body, key)))
    for (const { status, headers, body: replayed } of again) {
      expect([status, headers.get('idempotent-replayed'), replayed['action']]).toEqual([201, 'true', `round ${round}`])
    }
    expect(new Set(again.map(({ text }) => text)).size).toBe(1)
    const stored = await world.asOwner('select 1 from grants where action = $1', [`round ${round}`])
    expect(stored).toHaveLength(1)
  }
})

test('an expiry is written down once and has one event, whichever process is at it', async () => {
  const made = await Promise.all(
    Array.from({ length: 30 }, () =>
      world.acme.admin.post('/v1/grants', {
        grantee_id: world.acme.people.carol,
        resource: account,
        action: 'x',
        duration_seconds: 60,
      }),
    ),
  )
  await world.moveClock(120)
  const actor = systemActor(world.acme.id, 'test')
  const settle = (app: TestApp) => inTenant(world.acme.id, () => app.app.get(GrantsService).settle(actor, 7))
  await eventually(async () => {
    const settled = await Promise.all([world, other, world, other].map(settle))
    expect(settled).toEqual([0, 0, 0, 0])
  })
  const events = await world.asOwner<{ id: string }>(
    `select data->>'id' as id from events where type = 'grant.expired' and data->>'id' = any($1)`,
    [made.map(({ body }) => body['id'])],
  )
  expect(events).toHaveLength(30)
  expect(new Set(events.map(({ id }) => id)).size).toBe(30)
  await world.moveClock(0)
})

test('of two revocations at once through two processes one wins', async () => {
  const made = await world.acme.admin.post('/v1/grants', {
    grantee_id: world.acme.people.alice,
    resource: account,
    action: 'x',
  })
  const path = `/v1/grants/${made.body['id']}/revocation`
  const answers = await Promise.all([world.acme.admin.post(path, {}), through(other, world.acme.admin).post(path, {})])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
})

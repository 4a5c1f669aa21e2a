import pg from 'pg'
import { GrantsService, type GrantView } from '#grants'
import { newId, systemActor } from '#kernel'
import type { Client, Json } from './support/client.ts'
import { inTenant } from './support/tenant.ts'
import { eventually, startWorld, type World } from './support/world.ts'

let world: World
let admin: Client
const hour = 3600

beforeAll(async () => {
  world = await startWorld()
  admin = world.acme.admin
})

afterAll(() => world.close())
afterEach(() => world.moveClock(0))

const account = { type: 'aws_account', id: '123456789012' }

async function grant(over: Json = {}, client = admin): Promise<GrantView> {
  const body = {
    grantee_id: world.acme.people.alice,
    resource: account,
    action: 'ReadOnlyAccess',
    duration_seconds: hour,
    ...over,
  }
  const { status, text, body: made } = await client.post<GrantView & Json>('/v1/grants', body)
  if (status !== 201) throw new Error(text)
  return made
}

function settle(): Promise<number> {
  return inTenant(world.acme.id, () => world.app.get(GrantsService).settle(systemActor(world.acme.id, 'test'), 1000))
}

async function ids(query: string, client = admin): Promise<string[]> {
  const { body, text } = await client.get<{ data: GrantView[] }>(`/v1/grants?${query}`)
  if (!body.data) throw new Error(text)
  return body.data.map(({ id }) => id)
}

async function entitlement(over: Json = {}): Promise<string> {
  const { body: source } = await admin.post('/v1/sources', { name: newId(), connector: 'aws' })
  const made = await admin.post('/v1/entitlements', { source_id: source['id'], name: 'Ops', ...over })
  if (made.status !== 201) throw new Error(made.text)
  return made.body['id']
}

/**
 * What is answered when the request meets the statement in a transaction that ends only once the request waits for it.
 * `meanwhile` is what can be done while it waits.
 */
async function whileOwner<T>(
  statement: string,
  id: string,
  request: () => Promise<T>,
  meanwhile?: () => Promise<unknown>,
): Promise<T> {
  const owner = new pg.Client({ connectionString: world.database.ownerUrl })
  await owner.connect()
  await owner.query('begin')
  await owner.query(statement, [id])
  const asked = request()
  await eventually(async () => {
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    expect(await world.asOwner(waiting)).toHaveLength(1)
  })
  await meanwhile?.()
  await owner.query('commit')
  await owner.end()
  return await asked
}

describe('a grant', () => {
  test('has the fields of the seed and ours, made by hand without a request', async () => {
    const made = await grant({ metadata: { ticket: 'OPS-1' }, reason: 'on call' })
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      request_id: null,
      grantee_id: world.acme.people.alice,
      resource: account,
      action: 'ReadOnlyAccess',
      status: 'active',
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      granted_at: expect.stringMatching(/Z$/),
      revoked_at: null,
      metadata: { ticket: 'OPS-1' },
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
      state: 'active',
      entitlement_id: null,
      access_profile_id: null,
      external_id: null,
      provisioning_status: 'not_attempted',
      starts_at: made.granted_at,
      revoke: null,
      extension: { count: 0, remaining: null, until: null },
      timeline: [
        {
          event: 'created',
          at: made.granted_at,
          actor: { type: 'api_key', id: expect.any(String) },
          reason: 'on call',
        },
        { event: 'activated', at: made.granted_at, actor: { type: 'api_key', id: expect.any(String) } },
      ],
      version: 1,
    })
    expect(Date.parse(made.expires_at ?? '') - Date.parse(made.starts_at)).toBe(hour * 1000)
    const read = await admin.get(`/v1/grants/${made.id.toUpperCase()}`)
    expect(read.body).toEqual(made)
    expect(read.headers.get('etag')).toBe('"1"')
  })

  test('is the same object in the list as by itself', async () => {
    const made = await grant()
    const { body } = await admin.get<{ data: GrantView[] }>('/v1/grants?limit=1')
    expect(body.data).toEqual([made])
  })

  test.each([
    ['an unknown grantee', { grantee_id: '019a0000-0000-7000-8000-000000000000' }, 'grantee_id'],
    ['a short account id', { resource: { type: 'aws_account', id: '123' } }, 'resource.id'],
    ['an unknown resource type', { resource: { type: 'gcp_project', id: 'x' } }, 'resource.type'],
    ['a wrong instance id', { resource: { type: 'aws_ec2_instance', id: 'i-xyz' } }, 'resource.id'],
    ['an end in the past', { duration_seconds: undefined, expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [
      'an end before its start',
      { duration_seconds: undefined, starts_at: '2090-01-02T00:00:00Z', expires_at: '2090-01-01T00:00:00Z' },
      'expires_at',
    ],
    ['two ends', { expires_at: '2090-01-01T00:00:00Z' }, 'duration_seconds'],
    ['a day that does not exist', { duration_seconds: undefined, expires_at: '2090-02-30T00:00:00Z' }, 'expires_at'],
    ['a number as text', { duration_seconds: '3600' }, 'duration_seconds'],
    [
      'extensions until its end',
      {
        duration_seconds: undefined,
        expires_at: '2090-01-01T00:00:00Z',
        extension: { until: '2090-01-01T00:00:00Z' },
      },
      'extension.until',
    ],
    [
      'extensions until a time that is past',
      { duration_seconds: undefined, extension: { until: '2020-01-01T00:00:00Z' } },
      'extension.until',
    ],
    ['no resource', { resource: undefined }, 'resource'],
    ['no action', { action: undefined }, 'action'],
    ['an unknown entitlement', { entitlement_id: '019a0000-0000-7000-8000-000000000000' }, 'entitlement_id'],
    ['a status of its own', { status: 'active' }, 'status'],
    ['a tenant of its own', { tenant_id: '019a0000-0000-7000-8000-000000000000' }, 'tenant_id'],
    ['a creation time of its own', { created_at: '2020-01-01T00:00:00Z' }, 'created_at'],
  ])('is refused with %s, and the field is named', async (_, over, field) => {
    const before = await ids('limit=250')
    const body = {
      grantee_id: world.acme.people.alice,
      resource: account,
      action: 'ReadOnlyAccess',
      duration_seconds: hour,
      ...over,
    }
    const answer = await admin.post('/v1/grants', body)
    expect(answer.status).toBe(400)
    expect(answer.body['code']).toBe('invalid_body')
    expect(answer.body['details'].fields[0].field).toContain(field)
    expect(await ids('limit=250')).toEqual(before)
  })

  test('is refused for a person who is being made inactive at the same time', async () => {
    const { body } = await admin.post('/v1/identities', { name: 'leaving' })
    const answer = await whileOwner(
      `update identities set lifecycle_state = 'inactive' where id = $1`,
      body['id'],
      () => admin.post('/v1/grants', { grantee_id: body['id'], resource: account, action: 'x' }),
    )
    expect([answer.status, answer.body['code']]).toEqual([409, 'invalid_state'])
  })

  test('of an entitlement that is being deleted at the same time is refused as one of an unknown entitlement', async () => {
    const entitlement_id = await entitlement()
    const answer = await whileOwner('delete from entitlements where id = $1', entitlement_id, () =>
      admin.post('/v1/grants', { grantee_id: world.acme.people.alice, entitlement_id }),
    )
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_body'])
    expect(answer.body['details'].fields[0].field).toBe('entitlement_id')
  })

  test('of an entitlement that is being changed at the same time is of what it has become', async () => {
    const entitlement_id = await entitlement({ action: 'read' })
    const answer = await whileOwner(`update entitlements set action = 'write' where id = $1`, entitlement_id, () =>
      admin.post('/v1/grants', { grantee_id: world.acme.people.alice, entitlement_id }),
    )
    expect([answer.status, answer.body['action']]).toEqual([201, 'write'])
  })

  test('of an inactive person is refused', async () => {
    const { body } = await admin.post('/v1/identities', { name: 'gone', lifecycle_state: 'inactive' })
    const answer = await admin.post('/v1/grants', { grantee_id: body['id'], resource: account, action: 'x' })
    expect([answer.status, answer.body['code']]).toEqual([409, 'invalid_state'])
  })
})

describe('time', () => {
  test('a grant is expired on every path the moment its end passes, before any job has run', async () => {
    const made = await grant()
    const person = await world.acme.as('alice')
    const [row] = await world.asOwner<{ left: number }>(
      `select extract(epoch from expires_at - statement_timestamp())::float as left from grants where id = $1`,
      [made.id],
    )
    await world.moveClock((row?.left ?? 0) - 30)
    expect((await admin.get(`/v1/grants/${made.id}`)).body['status']).toBe('active')
    await world.moveClock((row?.left ?? 0) + 1)
    expect((await admin.get(`/v1/grants/${made.id}`)).body).toMatchObject({
      status: 'expired',
      state: 'expired',
      version: 1,
    })
    expect(await ids('status=active')).not.toContain(made.id)
    expect(await ids('status=expired')).toContain(made.id)
    expect(await ids('status=active', person)).not.toContain(made.id)
    expect(await settle()).toBeGreaterThan(0)
    expect((await admin.get(`/v1/grants/${made.id}`)).body).toMatchObject({ status: 'expired', version: 2 })
  })

  test('a scheduled grant is not in force and not listed before it begins, and is active from then on', async () => {
    const starts = new Date(Date.now() + 2 * hour * 1000).toISOString()
    const made = await grant({ starts_at: starts })
    expect(made).toMatchObject({ state: 'scheduled', starts_at: starts })
    expect(made.status).not.toBe('active')
    for (const status of ['', 'status=active', 'status=expired', 'status=revoked'])
      expect(await ids(status)).not.toContain(made.id)
    await world.moveClock(2.5 * hour)
    expect((await admin.get(`/v1/grants/${made.id}`)).body).toMatchObject({ status: 'active', state: 'active' })
    expect(await ids('status=active')).toContain(made.id)
  })

  test('settling writes each transition once, however many do it at once', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => grant()))
    await world.moveClock(1.5 * hour)
    await Promise.all(Array.from({ length: 4 }, settle))
    const entries = await world.asOwner<{ id: string; count: number }>(
      `select resource_id as id, count(*)::int as count from audit_log where action = 'grant.expired' and resource_id = any($1) group by 1`,
      [made.map(({ id }) => id)],
    )
    expect(entries).toHaveLength(12)
    expect(entries.every(({ count }) => count === 1)).toBe(true)
    expect(await settle()).toBe(0)
  })
})

test('the audit log knows a grant by its id in any form', async () => {
  const { id } = await grant()
  for (const form of [id.toUpperCase(), id.replaceAll('-', '')]) {
    const { body } = await admin.get(`/v1/audit-log?resource_id=${form}`)
    expect(body['data']).toMatchObject([{ action: 'grant.created', resource_id: id }])
  }
})

describe('extension', () => {
  test('moves the end, counts, and tells the timeline why', async () => {
    const made = await grant({ extension: { limit: 1 } })
    const { status, body } = await admin.post(`/v1/grants/${made.id}/extension`, {
      duration_seconds: 600,
      reason: 'the incident goes on',
    })
    expect(status).toBe(200)
    expect(Date.parse(body['expires_at']) - Date.parse(made.expires_at ?? '')).toBe(600_000)
    expect(body['extension']).toEqual({ count: 1, remaining: 0, until: null })
    expect(body['timeline'].at(-1)).toMatchObject({
      event: 'extended',
      reason: 'the incident goes on',
      expires_at: body['expires_at'],
    })
    const again = await admin.post(`/v1/grants/${made.id}/extension`, { duration_seconds: 600, reason: 'more' })
    expect([again.status, again.body['code']]).toEqual([409, 'invalid_state'])
  })

  test('of a person who is no longer active is refused', async () => {
    const { body: person } = await admin.post('/v1/identities', { name: 'left' })
    const made = await grant({ grantee_id: person['id'] })
    await admin.patch(`/v1/identities/${person['id']}`, { lifecycle_state: 'inactive' })
    const answer = await admin.post(`/v1/grants/${made.id}/extension`, { duration_seconds: 60, reason: 'more' })
    expect([answer.status, answer.body['code']]).toEqual([409, 'invalid_state'])
    expect(answer.body['message']).toContain(`${person['id']} is inactive`)
  })

  test('ends after a thousand of them, so that no timeline grows without end', async () => {
    const made = await grant()
    await world.asOwner('update grants set extension_count = 1000 where id = $1', [made.id])
    const answer = await admin.post(`/v1/grants/${made.id}/extension`, { duration_seconds: 60, reason: 'more' })
    expect([answer.status, answer.body['code']]).toEqual([409, 'invalid_state'])
  })

  test('never reaches beyond the time it is limited to', async () => {
    const until = new Date(Date.now() + 2 * hour * 1000).toISOString()
    const made = await grant({ extension: { until } })
    const answer = await admin.post(`/v1/grants/${made.id}/extension`, { duration_seconds: 2 * hour, reason: 'more' })
    expect(answer.status).toBe(409)
    expect(answer.body['message']).toContain(until)
  })
})

describe('revocation', () => {
  test('ends this grant and no other that gives the same access', async () => {
    const [first, second] = [await grant(), await grant()]
    const { body } = await admin.post(`/v1/grants/${first.id}/revocation`, {
      reason: 'no_longer_needed',
      comment: 'done',
    })
    expect(body).toMatchObject({
      status: 'revoked',
      revoked_at: expect.any(String),
      revoke: { reason: 'no_longer_needed', comment: 'done', actor: { type: 'api_key' } },
    })
    expect((await admin.get(`/v1/grants/${second.id}`)).body['status']).toBe('active')
  })

  test.each<[Json, Json, string]>([
    [{ reason: 'compromised' }, { reason: 'compromised' }, 'compromised'],
    [{ reason: 'manual', comment: 'done' }, { reason: 'manual', comment: 'done' }, 'done'],
  ])('by %j keeps the code and the words, on the timeline and in the audit log', async (input, said, reasoning) => {
    const { id } = await grant()
    const { body } = await admin.post(`/v1/grants/${id}/revocation`, input)
    expect(body['timeline'].at(-1)).toEqual({
      event: 'revoked',
      at: body['revoked_at'],
      actor: expect.anything(),
      ...said,
    })
    const { body: log } = await admin.get(`/v1/audit-log?resource_id=${id}&action=grant.revoked`)
    expect(log['data'][0]).toMatchObject({ metadata: { reason: input['reason'] }, reasoning })
  })

  describe('says whether the access ended', () => {
    const set = {
      type: 'aws_permission_set',
      id: 'arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-00000000000000a1',
    }
    const inAccount = (account_id: string): Json => ({ resource: set, action: 'assume', metadata: { account_id } })
    const bucket = (id: string): Json => ({ resource: { type: 'aws_s3_bucket', id }, action: 'read' })

    const byEntitlement = async (over: Json): Promise<Json> => ({
      resource: undefined,
      action: undefined,
      entitlement_id: await entitlement(over),
    })

    async function endsAccess(first: Json, second: () => Promise<Json>): Promise<unknown> {
      const ending = await grant(first)
      const other = await grant(await second())
      await admin.delete(`/v1/grants/${ending.id}`)
      const { body } = await admin.get(`/v1/audit-log?resource_id=${ending.id}&action=grant.revoked`)
      await admin.delete(`/v1/grants/${other.id}`)
      return body['data'][0]['metadata']['access_ended']
    }

    test('to a permission set in one account, whatever is held in another', async () => {
      expect(await endsAccess(inAccount('111111111111'), async () => inAccount('222222222222'))).toBe(true)
      expect(await endsAccess(inAccount('111111111111'), async () => inAccount('111111111111'))).toBe(false)
    })

    test('when it was granted before there was an entitlement for it', async () => {
      expect(await endsAccess(bucket('one-bucket'), () => byEntitlement(bucket('one-bucket')))).toBe(false)
      const elsewhere = { resource: set, action: 'assume', attributes: { account_id: '222222222222' } }
      expect(await endsAccess(inAccount('222222222222'), () => byEntitlement(elsewhere))).toBe(false)
      expect(await endsAccess(inAccount('111111111111'), () => byEntitlement(elsewhere))).toBe(true)
    })
  })

  test('happens once: of many at the same time one wins and the others are told', async () => {
    const made = await grant()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => admin.post(`/v1/grants/${made.id}/revocation`, {})),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(409)])
    const entries = await world.asOwner(`select 1 from audit_log where action = 'grant.revoked' and resource_id = $1`, [
      made.id,
    ])
    expect(entries).toHaveLength(1)
  })

  test('of a grant whose end passes before it is written is refused, and only its expiry is recorded', async () => {
    const [one, other] = [await grant(), await grant()]
    await world.asOwner(`create or replace function app_now() returns timestamptz language sql stable as $$
      select date_trunc('milliseconds', statement_timestamp()) +
        case when current_query() ~ 'update grants' then interval '2 hours' else interval '0' end $$`)
    const single = await admin.post(`/v1/grants/${one.id}/revocation`, {})
    expect([single.status, single.body['code']]).toEqual([409, 'invalid_state'])
    const { body } = await admin.post('/v1/grants/revocations', { ids: [other.id] })
    expect(body['items']).toMatchObject([{ outcome: 'failed', error: { code: 'invalid_state' } }])
    await world.moveClock(2 * hour)
    await settle()
    const entries = await world.asOwner<{ action: string }>(
      `select action from audit_log where action like 'grant.%ed' and action <> 'grant.created' and resource_id = any($1)`,
      [[one.id, other.id]],
    )
    expect(entries.map(({ action }) => action)).toEqual(['grant.expired', 'grant.expired'])
  })

  test('by DELETE has the reason manual, and the grant stays readable', async () => {
    const made = await grant()
    expect((await admin.delete(`/v1/grants/${made.id}`)).status).toBe(204)
    expect((await admin.get(`/v1/grants/${made.id}`)).body).toMatchObject({
      status: 'revoked',
      revoke: { reason: 'manual', comment: null },
    })
    expect((await admin.delete(`/v1/grants/${made.id}`)).status).toBe(409)
  })

  test('is refused when the grant has changed since it was read', async () => {
    const made = await grant()
    await admin.post(`/v1/grants/${made.id}/extension`, { duration_seconds: 60, reason: 'x' })
    const stale = await admin.delete(`/v1/grants/${made.id}`, { 'if-match': '"1"' })
    expect([stale.status, stale.body['code']]).toEqual([412, 'precondition_failed'])
    expect((await admin.delete(`/v1/grants/${made.id}`, { 'if-match': '"2"' })).status).toBe(204)
  })

  test('of many answers for each: revoked, ended before, unknown', async () => {
    const [open, ended] = [await grant(), await grant()]
    await admin.delete(`/v1/grants/${ended.id}`)
    const unknown = '019a0000-0000-7000-8000-000000000000'
    const { body } = await admin.post('/v1/grants/revocations', {
      ids: [open.id, ended.id, unknown],
      reason: 'offboarding',
    })
    expect(body).toEqual({
      items: [
        { id: open.id, outcome: 'revoked', grant: expect.objectContaining({ status: 'revoked' }) },
        { id: ended.id, outcome: 'failed', error: expect.objectContaining({ code: 'invalid_state' }) },
        { id: unknown, outcome: 'failed', error: expect.objectContaining({ code: 'not_found' }) },
      ],
      has_more: false,
    })
  })

  test('of all that a person has open', async () => {
    const { bob } = world.acme.people
    await grant({ grantee_id: bob })
    await grant({ grantee_id: bob, starts_at: new Date(Date.now() + 3_600_000).toISOString() })
    const kept = await grant()
    const { body } = await admin.post('/v1/grants/revocations', { grantee_id: bob })
    expect(body['items']).toHaveLength(2)
    expect((await admin.get(`/v1/grants/${kept.id}`)).body['status']).toBe('active')
    expect((await admin.post('/v1/grants/revocations', {})).status).toBe(400)
  })

  test('of all that a filter finds open, and of none when it cannot be understood', async () => {
    const { carol } = world.acme.people
    const [one, over] = [
      await grant({ grantee_id: carol, action: 'a' }),
      await grant({ grantee_id: carol, action: 'a' }),
    ]
    await admin.delete(`/v1/grants/${over.id}`)
    const kept = await grant({ grantee_id: carol, action: 'b' })
    const wrong = await admin.post('/v1/grants/revocations', { grantee_id: carol, filter: 'acton eq "a"' })
    expect([wrong.status, wrong.body['code'], wrong.body['details'].offset]).toEqual([400, 'invalid_filter', 0])
    const { body } = await admin.post('/v1/grants/revocations', { grantee_id: carol, filter: 'action eq "a"' })
    expect(body['items'].map((item: Json) => [item['id'], item['outcome']])).toEqual([[one.id, 'revoked']])
    expect((await admin.get(`/v1/grants/${kept.id}`)).body['status']).toBe('active')
    const both = await admin.post('/v1/grants/revocations', { ids: [kept.id], filter: 'action eq "b"' })
    expect([both.status, both.body['code']]).toEqual([400, 'invalid_body'])
  })
})

describe('a scheduled grant', () => {
  test('is revoked by a filter only where the filter also lists it, and always with all that its person has', async () => {
    const { body: person } = await admin.post('/v1/identities', { name: 'soon' })
    const grantee_id = person['id']
    const soon = { grantee_id, starts_at: new Date(Date.now() + hour * 1000).toISOString() }
    const [first, second] = [await grant(soon), await grant(soon)]
    const revoke = async (selection: Json): Promise<string[]> => {
      const { body } = await admin.post('/v1/grants/revocations', selection)
      return body['items'].map((item: Json) => item['id'])
    }
    const find = (filter: string) => ids(`grantee_id=${grantee_id}&filter=${encodeURIComponent(filter)}`)
    for (const filter of ['status eq "expired"', 'action eq "ReadOnlyAccess"']) {
      expect(await find(filter)).toEqual([])
      expect(await revoke({ grantee_id, filter })).toEqual([])
    }
    const scheduled = `state eq "scheduled" and id eq "${first.id}"`
    expect(await find(scheduled)).toEqual([first.id])
    expect(await revoke({ filter: scheduled })).toEqual([first.id])
    expect(await revoke({ grantee_id })).toEqual([second.id])
  })
})

describe('an entitlement', () => {
  const set = {
    resource: {
      type: 'aws_permission_set',
      id: 'arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-00000000000000a1',
    },
    action: 'assume',
    attributes: { account_id: '111111111111', team: 'ops' },
  }
  const other = { type: 'aws_account', id: '222222222222' }

  test.each<[string, Json]>([
    ['resource', { resource: other }],
    ['resource', { resource: null }],
    ['action', { action: 'read' }],
    ['attributes.account_id', { attributes: { account_id: '222222222222' } }],
    ['attributes.account_id', { attributes: {} }],
    ['attributes.permission_set_name', { attributes: { ...set.attributes, permission_set_name: 'Admin' } }],
  ])('with open grants keeps its %s: %j is refused until they have ended', async (field, change) => {
    const entitlement_id = await entitlement(set)
    const starts_at = new Date(Date.now() + hour * 1000).toISOString()
    const over = { resource: undefined, action: undefined, entitlement_id }
    const open = [await grant(over), await grant({ ...over, starts_at })]
    for (const { id } of open) {
      const refused = await admin.patch(`/v1/entitlements/${entitlement_id}`, change)
      expect([refused.status, refused.body['code']]).toEqual([409, 'in_use'])
      expect(refused.body['message']).toContain(`${field}: the entitlement has open grants`)
      await admin.delete(`/v1/grants/${id}`)
    }
    expect((await admin.patch(`/v1/entitlements/${entitlement_id}`, change)).status).toBe(200)
  })

  test('that a grant is being made of does not keep others from recording while a change of many waits for it', async () => {
    const entitlementIds = [await entitlement(), await entitlement()]
    const jsonPatch = [{ op: 'replace', path: '/privileged', value: true }]
    const answer = await whileOwner(
      'select from entitlements where id = $1 for share',
      entitlementIds[1] ?? '',
      () => admin.post('/beta/entitlements/bulk-update', { entitlementIds, jsonPatch }),
      () => world.asOwner('select from audit_heads where tenant_id = $1 for update nowait', [world.acme.id]),
    )
    expect(answer.status).toBe(204)
  })

  test('with open grants can be given what it lacked, what it has, and all that does not say what it gives', async () => {
    const entitlement_id = await entitlement()
    await grant({ resource: undefined, action: undefined, entitlement_id })
    const changes = [set, set, { name: 'New', attributes: { ...set.attributes, team: 'dev' } }]
    for (const change of changes)
      expect((await admin.patch(`/v1/entitlements/${entitlement_id}`, change)).status).toBe(200)
  })
})

describe('a person', () => {
  test('sees the own grants only, and may give one back', async () => {
    const [mine, other] = [await grant(), await grant({ grantee_id: world.acme.people.carol })]
    const alice = await world.acme.as('alice')
    expect(await ids('limit=250', alice)).toContain(mine.id)
    expect(await ids('limit=250', alice)).not.toContain(other.id)
    expect((await alice.get(`/v1/grants/${other.id}`)).status).toBe(404)
    expect((await alice.post(`/v1/grants/${other.id}/revocation`, {})).status).toBe(404)
    expect((await alice.get(`/v1/grants?grantee_id=${world.acme.people.carol}`)).status).toBe(403)
    expect(
      (await alice.post('/v1/grants', { grantee_id: world.acme.people.alice, resource: account, action: 'x' })).status,
    ).toBe(403)
    expect((await alice.post(`/v1/grants/${mine.id}/revocation`, {})).status).toBe(200)
  })
})

describe('the list', () => {
  test('pages through every grant exactly once while others are created and revoked', async () => {
    const tenant = world.globex
    const grantee = tenant.people.alice
    const make = (n: number) =>
      tenant.admin.post('/v1/grants', {
        grantee_id: grantee,
        resource: account,
        action: `a${n}`,
        duration_seconds: hour,
      })
    const before = await Promise.all(Array.from({ length: 60 }, (_, index) => make(index)))
    const seen: string[] = []
    let cursor: string | null = null
    let made = 100
    do {
      const { body }: { body: { data: GrantView[]; next_cursor: string | null; has_more: boolean } } =
        await tenant.admin.get(`/v1/grants?limit=7${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...body.data.map(({ id }) => id))
      expect(body.has_more).toBe(body.next_cursor !== null)
      cursor = body.next_cursor
      await make(made++)
      await tenant.admin.delete(`/v1/grants/${before[made % 60]?.body['id']}`)
    } while (cursor)
    expect(new Set(seen).size).toBe(seen.length)
    for (const { body } of before) expect(seen).toContain(body['id'])
  })

  test('refuses a cursor that was altered, or is for another filter or tenant', async () => {
    await Promise.all([grant(), grant(), grant()])
    const { body } = await admin.get('/v1/grants?limit=1&status=active')
    const cursor = body['next_cursor'] as string
    expect((await admin.get(`/v1/grants?limit=2&status=active&cursor=${cursor}`)).status).toBe(200)
    const wrong = [
      admin.get(`/v1/grants?limit=1&cursor=${cursor}`),
      admin.get(`/v1/grants?limit=1&status=active&cursor=${cursor.slice(0, -1)}`),
      admin.get(`/v1/grants?status=active&cursor=%00`),
      world.globex.admin.get(`/v1/grants?limit=1&status=active&cursor=${cursor}`),
    ]
    for (const { status, body: answer } of await Promise.all(wrong)) {
      expect(status).toBe(400)
      expect(['invalid_cursor', 'invalid_parameter']).toContain(answer['code'])
    }
  })

  test.each([
    'limit=0',
    'limit=251',
    'limit=abc',
    'limit=-1',
    'limit=1e2',
    'limit=',
    'limit=1&limit=2',
    'status=open',
    'status=Active',
    'status=active&status=expired',
    'grantee_id=x',
    'statu=active',
  ])('refuses %s with 400', async (query) => {
    const { status, body } = await admin.get(`/v1/grants?${query}`)
    expect([status, body['code']]).toEqual([400, 'invalid_parameter'])
  })

  test('shows no grant of another tenant', async () => {
    const made = await grant()
    expect((await world.globex.admin.get(`/v1/grants/${made.id}`)).status).toBe(404)
    expect((await world.globex.admin.delete(`/v1/grants/${made.id}`)).status).toBe(404)
    expect(await ids('limit=250', world.globex.admin)).not.toContain(made.id)
  })
})

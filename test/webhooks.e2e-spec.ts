import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DeliveryJob } from '#audit'
import { Jobs } from '#platform'
import { DeliveriesRepository } from '../libs/audit/src/webhooks/deliveries.repository.ts'
import { startApp, type TestApp } from './support/app.ts'
import { Client, type Answer, type Json } from './support/client.ts'
import { inTenant } from './support/tenant.ts'
import { eventually, startWorld, type TestTenant, type World } from './support/world.ts'

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Json
}

let world: World
let other: TestApp
let strict: TestApp
let receiver: Server
let address: string
let received: Received[]
/** How the receiver answers; 204 unless a test says otherwise. */
let answer: (response: ServerResponse) => void

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      received.push({ path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) as Json })
      answer(response)
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  world = await startWorld({ ALLOW_PRIVATE_HOSTS: 'true' })
  other = await startApp({ ALLOW_PRIVATE_HOSTS: 'true' }, world.database)
  strict = await startApp({}, world.database)
})

beforeEach(() => {
  received = []
  answer = (response) => response.writeHead(204).end()
})

afterEach(async () => {
  await world.moveClock(0)
  await world.asOwner('delete from webhooks')
})

afterAll(async () => {
  await strict.close()
  await other.close()
  await world.close()
  receiver.closeAllConnections()
  receiver.close()
})

const create = async (body: Json = {}, tenant: TestTenant = world.acme): Promise<Json> => {
  const made = await tenant.admin.post('/v1/webhooks', {
    name: 'Tickets',
    url: `${address}/hook`,
    event_types: ['segment.*'],
    ...body,
  })
  expect([made.status, made.text]).toEqual([201, made.text])
  return made.body
}

let count = 0
const makeSegment = async (tenant: TestTenant = world.acme): Promise<Json> =>
  (await tenant.admin.post('/v1/segments', { name: `segment ${++count}` })).body

const deliver = (app: TestApp = world, tenant: TestTenant = world.acme): Promise<void> =>
  inTenant(tenant.id, () => app.app.get(DeliveryJob).run(tenant.id))

const deliveries = async (webhook: Json, query = ''): Promise<Json[]> =>
  (await world.acme.admin.get(`/v1/webhooks/${webhook['id']}/deliveries${query}`)).body['data'] as Json[]

const onlyDelivery = async (webhook: Json): Promise<Json> => {
  const all = await deliveries(webhook)
  expect(all).toHaveLength(1)
  return all[0] as Json
}

const signatureOf = (secret: string, { headers, text }: Received): string => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}

describe('an event', () => {
  it('is sent to the webhook of its tenant that wants it, signed by the Standard Webhooks scheme', async () => {
    const webhook = await create()
    const segment = await makeSegment()
    await deliver()

    expect(received).toHaveLength(1)
    const [request] = received as [Received]
    expect(request.path).toBe('/hook')
    expect(request.headers['content-type']).toBe('application/json')
    expect(request.headers['user-agent']).toBe('castellan')
    expect(Math.abs(Number(request.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60)
    expect(Buffer.from((webhook['secret'] as string).replace('whsec_', ''), 'base64').length).toBeGreaterThanOrEqual(24)
    expect(request.headers['webhook-signature']).toBe(signatureOf(webhook['secret'] as string, request))

    const [event] = await world.asOwner<Json>(
      `select id, wire_time(created_at) as timestamp from events where data->>'id' = $1`,
      [segment['id']],
    )
    expect(request.body).toEqual({ type: 'segment.created', timestamp: event?.['timestamp'] as string, data: segment })
    expect(request.headers['webhook-id']).toBe(event?.['id'])
    expect(await onlyDelivery(webhook)).toMatchObject({
      event_id: event?.['id'],
      event_type: 'segment.created',
      status: 'succeeded',
      attempts: 1,
      next_attempt_at: null,
      last_status: 204,
      last_error: null,
    })
  })

  it('goes only to enabled webhooks that want its type', async () => {
    const hooks: [string, Json][] = [
      ['/exact', { event_types: ['segment.created'] }],
      ['/kind', { event_types: ['grant.*', 'segment.*'] }],
      ['/all', { event_types: [] }],
      ['/other-verb', { event_types: ['segment.deleted'] }],
      ['/other-kind', { event_types: ['source.*', 'grant.created'] }],
      ['/off', { enabled: false }],
    ]
    for (const [path, body] of hooks) await create({ url: address + path, ...body })
    await create({ url: `${address}/theirs` }, world.globex)
    await world.asOwner('delete from webhook_deliveries')

    await makeSegment()
    await deliver()
    await deliver(world, world.globex)
    expect(received.map(({ path }) => path).toSorted()).toEqual(['/all', '/exact', '/kind'])
  })

  it('is not sent when its change is rolled back, nor from before the webhook', async () => {
    await makeSegment()
    const webhook = await create()
    expect((await world.acme.admin.post('/v1/segments', { name: `segment ${count}` })).status).toBe(409)
    await deliver()
    expect(received).toEqual([])
    expect(await deliveries(webhook)).toEqual([])
  })

  it('comes once to each webhook when all is well, however many processes send', async () => {
    await create({ url: `${address}/a` })
    await create({ url: `${address}/b` })
    for (let index = 0; index < 25; index++) await makeSegment()

    await Promise.all([deliver(world), deliver(other), deliver(world), deliver(other)])
    const seen = received.map(({ path, headers }) => `${path} ${headers['webhook-id']}`)
    expect(seen).toHaveLength(50)
    expect(new Set(seen).size).toBe(50)
  })

  it('is sent to a webhook by at most eight requests at once, and none waits for another webhook that hangs', async () => {
    const waiting: ServerResponse[] = []
    answer = (response) => waiting.push(response)
    const hanging = await create({ url: `${address}/hangs` })
    for (let index = 0; index < 12; index++) await makeSegment()
    const sending = deliver()
    await eventually(async () => expect(waiting).toHaveLength(8))

    answer = (response) => response.writeHead(204).end()
    const quick = await create({ url: `${address}/quick` })
    await makeSegment()
    await inTenant(world.acme.id, () => world.app.get(DeliveryJob).begin(world.acme.id))
    await eventually(async () => expect(await onlyDelivery(quick)).toMatchObject({ status: 'succeeded' }))
    expect(await deliveries(hanging, '?status=succeeded')).toEqual([])

    for (const response of waiting) response.writeHead(200).end()
    await sending
    await deliver()
    expect(await deliveries(hanging, '?status=succeeded')).toHaveLength(13)
  })
})

describe('the webhooks of a tenant', () => {
  it('are sent to eight at a time, whatever stands in the table, and each in its turn', async () => {
    const hooks: Json[] = []
    for (let index = 0; index < 10; index++) hooks.push(await create({ url: `${address}/${index}` }))
    for (let index = 0; index < 10; index++) await makeSegment()
    const waiting: ServerResponse[] = []
    answer = (response) => waiting.push(response)
    const sending = deliver()
    await eventually(async () => expect(waiting).toHaveLength(64))
    const claimed = await world.asOwner<Json>(
      'select webhook_id, count(*)::int as sent from webhook_deliveries where attempts > 0 group by 1',
    )
    expect(claimed.map(({ sent }) => sent as number)).toEqual(Array.from({ length: 8 }, () => 8))

    answer = (response) => response.writeHead(204).end()
    await create({ url: `${address}/theirs` }, world.globex)
    await makeSegment(world.globex)
    await deliver(world, world.globex)
    expect(received.map(({ path }) => path)).toContain('/theirs')

    for (const response of waiting) response.writeHead(200).end()
    await sending
    for (const hook of hooks) expect(await deliveries(hook, '?status=succeeded')).toHaveLength(10)
  })

  it('are at most fifty, however many are made at once', async () => {
    const webhook = { name: 'x', url: `${address}/hook` }
    const made = await Promise.all(Array.from({ length: 55 }, () => world.acme.admin.post('/v1/webhooks', webhook)))
    const refused = made.filter(({ status }) => status !== 201)
    expect(refused.map(({ status, body }) => [status, body['code'], body['message']])).toEqual(
      refused.map(() => [409, 'invalid_state', 'A tenant has at most 50 webhooks; delete one first']),
    )
    expect(refused).toHaveLength(5)
    await create({}, world.globex)
    const first = made.find(({ status }) => status === 201)
    await world.acme.admin.delete(`/v1/webhooks/${first?.body['id']}`)
    await create()
  })
})

describe('a delivery that fails', () => {
  it('comes again later with the same id and body, a new timestamp and signature', async () => {
    const webhook = await create()
    await makeSegment()
    answer = (response) => response.writeHead(500).end('no')
    await deliver()
    await deliver()
    expect(received).toHaveLength(1)
    expect(await onlyDelivery(webhook)).toMatchObject({
      status: 'pending',
      attempts: 1,
      last_status: 500,
      last_error: 'The receiver answered 500',
    })

    answer = (response) => response.writeHead(200).end()
    await world.moveClock(7)
    await deliver()
    const [first, second] = received as [Received, Received]
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id'])
    expect(second.text).toBe(first.text)
    expect(Number(second.headers['webhook-timestamp'])).toBeGreaterThan(Number(first.headers['webhook-timestamp']))
    expect(second.headers['webhook-signature']).toBe(signatureOf(webhook['secret'] as string, second))
    expect(await onlyDelivery(webhook)).toMatchObject({ status: 'succeeded', attempts: 2, last_error: null })
  })

  it('is tried nine times over a day and a half, and then has failed', async () => {
    const webhook = await create()
    await makeSegment()
    answer = (response) => response.writeHead(503).end()
    await deliver()
    let clock = 0
    for (const pause of [5, 30, 120, 600, 3600, 3 * 3600, 8 * 3600, 24 * 3600]) {
      const before = received.length
      await world.moveClock(clock + pause / 2)
      await deliver()
      expect(received).toHaveLength(before)
      await world.moveClock((clock += pause * 1.1 + 2))
      await deliver()
      expect(received).toHaveLength(before + 1)
    }
    expect(received).toHaveLength(9)
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await onlyDelivery(webhook)).toMatchObject({ status: 'failed', attempts: 9, next_attempt_at: null })
    await world.moveClock(clock + 1_000_000)
    await deliver()
    expect(received).toHaveLength(9)
  })

  it('says why, without internals: no redirect is followed, nobody listens, the answer is broken off', async () => {
    const webhook = await create()
    const failing = async (): Promise<Json> => {
      await makeSegment()
      await deliver()
      return (await deliveries(webhook, '?limit=1'))[0] as Json
    }
    answer = (response) => response.writeHead(302, { location: `${address}/elsewhere` }).end()
    expect(await failing()).toMatchObject({ last_status: 302, last_error: 'The receiver answered 302' })
    expect(received.map(({ path }) => path)).not.toContain('/elsewhere')
    answer = (response) => response.destroy()
    expect(await failing()).toMatchObject({ last_status: null, last_error: 'The connection failed' })
    await world.acme.admin.patch(`/v1/webhooks/${webhook['id']}`, { url: 'http://127.0.0.1:9/' })
    expect(await failing()).toMatchObject({ last_status: null, last_error: 'The connection was refused' })
    await world.acme.admin.patch(`/v1/webhooks/${webhook['id']}`, { url: 'http://hooks.invalid/' })
    expect(await failing()).toMatchObject({ last_status: null, last_error: 'The host was not found' })
  })

  it('succeeds by the status alone, however much else the receiver says', async () => {
    const webhook = await create()
    await makeSegment()
    answer = (response) => response.writeHead(200).end(Buffer.alloc(1024 * 1024, ' '))
    await deliver()
    expect(await onlyDelivery(webhook)).toMatchObject({ status: 'succeeded' })
  })

  it('left by a killed process comes again after its lease, with the same id', async () => {
    const webhook = await create()
    await makeSegment()
    const repository = world.app.get(DeliveriesRepository)
    const [claimed] = await inTenant(world.acme.id, () => repository.claim(webhook['id'] as string, 8))
    await deliver(other)
    await world.moveClock(50)
    await deliver(other)
    expect(received).toEqual([])

    await world.moveClock(70)
    await deliver(other)
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([claimed?.event_id])
    expect(await onlyDelivery(webhook)).toMatchObject({ status: 'succeeded', attempts: 2 })

    const late = { status: 'failed', last_status: 500, last_error: 'late', seconds: null } as const
    await inTenant(world.acme.id, () => repository.settle(claimed as NonNullable<typeof claimed>, late))
    expect(await onlyDelivery(webhook)).toMatchObject({ status: 'succeeded' })
  })

  it('by 410 Gone disables the webhook, which is an audit entry, and ends what is pending', async () => {
    const webhook = await create()
    await makeSegment()
    answer = (response) => response.writeHead(500).end()
    await deliver()
    await makeSegment()
    answer = (response) => response.writeHead(410).end()
    await deliver()

    const { body } = await world.acme.admin.get(`/v1/webhooks/${webhook['id']}`)
    expect(body).toMatchObject({ enabled: false, version: 2 })
    expect((await deliveries(webhook)).map(({ status, last_error }) => [status, last_error as string])).toEqual([
      ['failed', 'The receiver answered 410'],
      ['failed', 'The receiver answered 410 Gone'],
    ])
    const entries = await world.asOwner<Json>(
      `select action, actor_type, actor_id, reasoning from audit_log where resource_id = $1 order by seq desc limit 1`,
      [webhook['id']],
    )
    expect(entries).toEqual([
      {
        action: 'webhook.updated',
        actor_type: 'system',
        actor_id: 'webhook-delivery',
        reasoning: 'The receiver answered 410 Gone',
      },
    ])
    await makeSegment()
    await world.moveClock(100_000)
    await deliver()
    expect(received).toHaveLength(2)
  })
})

describe('redelivery', () => {
  it('sends an ended delivery again, with the same id, and tells so', async () => {
    const webhook = await create()
    await makeSegment()
    await deliver()
    const { id } = await onlyDelivery(webhook)
    const path = `/v1/webhooks/${webhook['id']}/deliveries/${id}/redelivery`

    const asked = await world.acme.admin.post(path)
    expect([asked.status, asked.body]).toEqual([202, expect.objectContaining({ id, status: 'pending', attempts: 0 })])
    const again = await world.acme.admin.post(path)
    expect([again.status, again.body['code']]).toEqual([409, 'invalid_state'])
    await deliver()
    expect(received).toHaveLength(2)
    expect(received[1]?.headers['webhook-id']).toBe(received[0]?.headers['webhook-id'])
    expect(await onlyDelivery(webhook)).toMatchObject({ status: 'succeeded', attempts: 1 })
  })

  it('is refused for a disabled webhook, and for a delivery of another webhook', async () => {
    const [webhook, second] = [await create(), await create()]
    await makeSegment()
    await world.acme.admin.patch(`/v1/webhooks/${webhook['id']}`, { enabled: false })
    const delivery = await onlyDelivery(webhook)
    expect(delivery).toMatchObject({ status: 'failed', last_error: 'The webhook was disabled' })
    const ask = async (webhookId: unknown): Promise<unknown> =>
      (await world.acme.admin.post(`/v1/webhooks/${String(webhookId)}/deliveries/${delivery['id']}/redelivery`)).body[
        'code'
      ]
    expect([await ask(webhook['id']), await ask(second['id'])]).toEqual(['invalid_state', 'not_found'])
    await deliver()
    expect(received).toHaveLength(1)
  })
})

describe('the secret', () => {
  it('is shown once, and stored nowhere in clear', async () => {
    const made = await create({ event_types: [] })
    const secret = made['secret'] as string
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const [read, list] = [
      await world.acme.admin.get(`/v1/webhooks/${made['id']}`),
      await world.acme.admin.get('/v1/webhooks'),
    ]
    const renamed = await world.acme.admin.patch(`/v1/webhooks/${made['id']}`, { name: 'Renamed' })
    for (const { body } of [read, list, renamed]) expect(JSON.stringify(body)).not.toContain('secret')

    await deliver()
    expect(received.map(({ body }) => body['type'] as string).toSorted()).toEqual([
      'webhook.created',
      'webhook.updated',
    ])
    const stored = await world.asOwner<{ text: string }>(
      `select w::text as text from webhooks w union all select e::text from events e union all select a::text from audit_log a
        union all select d::text from webhook_deliveries d`,
    )
    const everything = [...stored.map(({ text }) => text), ...received.map(({ text }) => text)].join('\n')
    for (const clear of [secret, key.toString('base64'), key.toString('hex')]) expect(everything).not.toContain(clear)
  })

  it('that is replaced is replaced at once, and the new one is shown once', async () => {
    const webhook = await create()
    const path = `/v1/webhooks/${webhook['id']}`
    const { body } = await world.acme.admin.patch(path, { rotate_secret: true })
    expect(body).toMatchObject({ secret: expect.stringMatching(/^whsec_/) as unknown, version: 2 })
    expect(body['secret']).not.toBe(webhook['secret'])
    await makeSegment()
    await deliver()
    const [request] = received as [Received]
    expect(request.headers['webhook-signature']).toBe(signatureOf(body['secret'] as string, request))
    expect((await world.acme.admin.patch(path, { rotate_secret: false })).body).toMatchObject({ version: 2 })
  })

  it('of a server with another operator key opens nothing, and the delivery says so', async () => {
    const webhook = await create()
    await makeSegment()
    const moved = await startApp(
      { ALLOW_PRIVATE_HOSTS: 'true', OPERATOR_API_KEY: 'another operator key, long enough' },
      world.database,
    )
    await deliver(moved)
    await moved.close()
    expect(received).toEqual([])
    expect(await onlyDelivery(webhook)).toMatchObject({ last_error: 'The secret cannot be read any more; rotate it' })
  })
})

describe('a webhook', () => {
  it("is nothing that another tenant sees or changes, and another tenant's events never come to it", async () => {
    const webhook = await create()
    await makeSegment()
    const { id } = await onlyDelivery(webhook)
    const path = `/v1/webhooks/${webhook['id']}`
    const { admin } = world.globex
    const answers = [
      await admin.get(path),
      await admin.patch(path, { name: 'Mine' }),
      await admin.delete(path),
      await admin.get(`${path}/deliveries`),
      await admin.post(`${path}/deliveries/${id}/redelivery`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
    expect((await admin.get('/v1/webhooks')).body['data']).toEqual([])
    await makeSegment(world.globex)
    expect(await deliveries(webhook)).toHaveLength(1)
    await deliver(world, world.globex)
    expect(received).toEqual([])
  })

  it('is changed under If-Match, and a change that changes nothing is none', async () => {
    const webhook = await create()
    const path = `/v1/webhooks/${webhook['id']}`
    const { admin } = world.acme
    expect((await admin.patch(path, { name: 'Tickets', event_types: ['segment.*'] })).body).toMatchObject({
      version: 1,
    })
    expect((await admin.patch(path, { name: 'Lost' }, { 'if-match': '"7"' })).status).toBe(412)
    const changed = await admin.patch(path, { event_types: [], enabled: false }, { 'if-match': '"1"' })
    expect([changed.headers.get('etag'), changed.body]).toEqual([
      '"2"',
      expect.objectContaining({ event_types: [], enabled: false }),
    ])
    expect((await admin.delete(path, { 'if-match': '"1"' })).status).toBe(412)
    expect((await admin.delete(path, { 'if-match': '"2"' })).status).toBe(204)
    const entries = await world.asOwner<Json>(
      `select action, metadata from audit_log where resource_id = $1 order by seq`,
      [webhook['id']],
    )
    expect(entries).toEqual([
      { action: 'webhook.created', metadata: {} },
      { action: 'webhook.updated', metadata: { fields: ['event_types', 'enabled'] } },
      { action: 'webhook.deleted', metadata: {} },
    ])
  })

  it('is changed and deleted while events are recorded, without a failure of either', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const webhook = await create()
        const path = `/v1/webhooks/${webhook['id']}`
        const made = [makeSegment(), world.acme.admin.patch(path, { enabled: false }), makeSegment()]
        const [changed] = await Promise.all([world.acme.admin.patch(path, { name: 'Other' }), ...made])
        return [changed.status, (await world.acme.admin.delete(path)).status]
      }),
    )
    expect(all).toEqual(all.map(() => [200, 204]))
    expect(await world.asOwner('select 1 from webhook_deliveries')).toEqual([])
  })

  it('is listed page by page, and its deliveries latest first', async () => {
    const webhook = await create()
    const segments = [await makeSegment(), await makeSegment(), await makeSegment()]
    await deliver()
    await makeSegment()
    const { admin } = world.acme
    const first = await admin.get(`/v1/webhooks/${webhook['id']}/deliveries?limit=2&status=succeeded`)
    const cursor = encodeURIComponent(first.body['next_cursor'] as string)
    const rest = await admin.get(`/v1/webhooks/${webhook['id']}/deliveries?limit=2&status=succeeded&cursor=${cursor}`)
    const ids = [...(first.body['data'] as Json[]), ...(rest.body['data'] as Json[])].map(
      ({ event_id }) => event_id as string,
    )
    const sent = segments.map(({ id }) => received.find(({ body }) => body['data'].id === id)?.headers['webhook-id'])
    expect(ids).toEqual(sent.toReversed())
    const elsewhere = await admin.get(`/v1/webhooks/${(await create())['id']}/deliveries?limit=2&cursor=${cursor}`)
    expect([elsewhere.status, elsewhere.body['code']]).toEqual([400, 'invalid_cursor'])
  })

  it('is refused with an address that is not public, unless a setting allows it', async () => {
    const admin = new Client(strict.url, world.acme.admin.headers)
    const webhook = await create({ url: 'https://hooks.acme.example/' })
    const urls = [
      'http://hooks.acme.example/',
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://[::1]/',
      'https://10.1.2.3/',
      'https://169.254.169.254/latest/meta-data',
      'https://localhost/',
      'https://user:secret@hooks.acme.example/',
      'file:///etc/passwd',
      'hooks',
    ]
    for (const url of urls) {
      const made = await admin.post('/v1/webhooks', { name: 'x', url })
      const changed = await admin.patch(`/v1/webhooks/${webhook['id']}`, { url })
      for (const { status, body } of [made, changed]) {
        expect([url, status, body['details']]).toEqual([url, 400, { field: 'url' }])
      }
    }
    expect((await admin.post('/v1/webhooks', { name: 'x', url: `https://a.example/${'x'.repeat(2048)}` })).status).toBe(
      400,
    )
    expect((await world.acme.admin.post('/v1/webhooks', { name: 'x', url: 'https://169.254.169.254/' })).status).toBe(
      400,
    )
  })

  it('that was made when private addresses were allowed is not sent to once they are not', async () => {
    const [byHttp, byName] = [
      await create(),
      await create({ url: address.replace('http://127.0.0.1', 'https://localhost') }),
    ]
    await makeSegment()
    await deliver(strict)
    expect(received).toEqual([])
    for (const webhook of [byHttp, byName]) {
      expect(await onlyDelivery(webhook)).toMatchObject({
        status: 'pending',
        last_status: null,
        last_error: 'The url does not lead to a public host by https',
      })
    }
  })

  it('is refused with types of events that are none', async () => {
    for (const event_types of [
      ['*'],
      ['grant'],
      ['grant.'],
      ['Grant.created'],
      ['grant.created '],
      ['grants.revoked'],
      ['foo.*'],
      ['tenant.created'],
      'grant.*',
      [7],
      [null],
    ]) {
      const { status, body } = await world.acme.admin.post('/v1/webhooks', {
        name: 'x',
        url: 'https://hooks.acme.example/',
        event_types,
      })
      expect([event_types, status, body['code']]).toEqual([event_types, 400, 'invalid_body'])
    }
    const { id } = await create()
    const { status, body } = await world.acme.admin.patch(`/v1/webhooks/${id}`, {
      event_types: ['grant.*', 'grants.revoked'],
    })
    expect([status, body['message']]).toEqual([
      400,
      expect.stringMatching(/^event_types\.1 must be `kind\.verb` .*; the kinds are grant, identity, .*policy_test/),
    ])
  })

  describe('takes the scopes that read what its events carry', () => {
    const limited = async (...scopes: string[]): Promise<Client> => {
      const { body } = await world.acme.admin.post('/v1/api-keys', { name: 'limited', scopes })
      return world.acme.admin.with({ 'x-api-key': body['key'] as string })
    }
    const refusedFor = (...missing: string[]): unknown[] => [403, 'forbidden', { required_scopes: missing }]
    const said = ({ status, body }: Answer<Json>): unknown[] => [status, body['code'], body['details']]

    it('when it is made', async () => {
      const key = await limited('webhooks:write', 'segments:read')
      const make = (event_types?: string[]): Promise<Answer<Json>> =>
        key.post('/v1/webhooks', { name: 'x', url: `${address}/hook`, event_types })
      expect((await make(['segment.*', 'segment.created'])).status).toBe(201)
      expect(said(await make(['segment.*', 'grant.revoked', 'policy_test.*', 'policy.*']))).toEqual(
        refusedFor('grants:read', 'policies:read'),
      )
      for (const types of [undefined, []]) {
        const { status, body } = await make(types)
        expect([status, body['code'], body['details'].required_scopes]).toEqual([
          403,
          'forbidden',
          expect.arrayContaining(['identities:read', 'grants:read', 'policies:read', 'oidc_issuers:read']),
        ])
        expect(body['message']).toContain('identities:read')
      }
    })

    it('when it is changed: those of before and of after', async () => {
      const key = await limited('webhooks:write', 'segments:read')
      const [segments, groups] = [await create(), await create({ event_types: ['group.*'] })]
      const [at, elsewhere] = [`/v1/webhooks/${segments['id']}`, `${address}/elsewhere`]
      expect((await key.patch(at, { url: elsewhere })).status).toBe(200)
      expect(said(await key.patch(at, { event_types: ['segment.*', 'grant.*'] }))).toEqual(refusedFor('grants:read'))
      expect((await key.patch(at, { event_types: [] })).status).toBe(403)
      for (const patch of [{ url: elsewhere }, { rotate_secret: true }, { url: elsewhere, event_types: ['segment.*'] }])
        expect(said(await key.patch(`/v1/webhooks/${groups['id']}`, patch))).toEqual(refusedFor('groups:read'))
      expect((await world.acme.admin.get(`/v1/webhooks/${groups['id']}`)).body).toMatchObject({ version: 1 })
    })

    it('when it is to deliver again', async () => {
      const webhook = await create()
      await makeSegment()
      await deliver()
      await world.acme.admin.patch(`/v1/webhooks/${webhook['id']}`, { event_types: ['group.*'] })
      const key = await limited('webhooks:write', 'groups:read')
      const { id } = await onlyDelivery(webhook)
      const again = await key.post(`/v1/webhooks/${webhook['id']}/deliveries/${id}/redelivery`)
      expect(said(again)).toEqual(refusedFor('segments:read'))
    })
  })

  it('of a deleted tenant is not sent to', async () => {
    const made = await world.operator.post('/v1/tenants', { name: 'initech', slug: 'initech' })
    const [id, key] = [made.body['id'] as string, made.body['api_key'] as string]
    const admin = new Client(world.url, { 'x-api-key': key, 'x-tenant-id': id })
    await admin.post('/v1/webhooks', { name: 'x', url: `${address}/initech` })
    await world.operator.delete(`/v1/tenants/${id}`)
    const job = { name: 'test', everyMs: 1, run: (tenantId: string) => world.app.get(DeliveryJob).run(tenantId) }
    await world.app.get(Jobs).runOnce(job)
    expect(received).toEqual([])
  })
})

import { ImportService } from '#directory'
import { startApp, type TestApp } from '../../../test/support/app.ts'
import { adminOf, inTenant } from '../../../test/support/tenant.ts'
import { GrantsService } from './grants.service.ts'
import { Precondition } from '#platform'
import type { GrantView } from './grants.dto.ts'

const tenant = '019a0000-0000-7000-8000-000000000aaa'
const actor = adminOf(tenant)

let app: TestApp

beforeAll(async () => {
  app = await startApp()
  await load({ type: 'identity', external_id: 'ada', name: 'Ada' })
})

afterAll(() => app.close())

async function* lines(objects: readonly object[]): AsyncGenerator<string> {
  for (const object of objects) yield `${JSON.stringify(object)}\n`
}

const load = (...objects: object[]) => app.app.get(ImportService).run(actor, lines(objects))

const line = (external_id: string, over: object = {}) => ({
  type: 'grant',
  external_id,
  grantee_id: 'ada',
  resource: { type: 'aws_account', id: '123456789012' },
  action: 'ReadOnlyAccess',
  granted_at: '2026-01-01T00:00:00Z',
  expires_at: null,
  ...over,
})

async function stored(external_id: string): Promise<GrantView> {
  const list = await inTenant(tenant, () => app.app.get(GrantsService).list(actor, { limit: 250 }))
  const { data } = list.toJSON() as { data: GrantView[] }
  const grant = data.find((each) => each.external_id === external_id)
  if (!grant) throw new Error(`${external_id} is not stored`)
  return grant
}

test('a grant comes in the state that its times say', async () => {
  const report = await load(
    line('active'),
    line('expired', { expires_at: '2026-02-01T00:00:00Z' }),
    line('revoked', { revoked_at: '2026-02-01T00:00:00+01:00' }),
  )
  expect(report.total).toMatchObject({ created: 3, failed: 0 })
  expect((await stored('active')).status).toBe('active')
  expect((await stored('expired')).status).toBe('expired')
  expect(await stored('revoked')).toMatchObject({ status: 'revoked', revoked_at: '2026-01-31T23:00:00.000Z' })
})

test('a later line ends a live grant, and never reopens one that has ended', async () => {
  await load(line('ends'), line('ended'))
  const { id } = await stored('ended')
  await inTenant(tenant, () =>
    app.app.get(GrantsService).revoke(actor, id, { reason: 'manual' }, new Precondition(undefined)),
  )
  const report = await load(line('ends', { revoked_at: '2026-03-01T00:00:00Z' }), line('ended'))
  expect(report.counts['grant']).toMatchObject({ updated: 1, unchanged: 1, failed: 0 })
  expect(await stored('ends')).toMatchObject({ status: 'revoked', revoke: { reason: 'manual' } })
  expect((await stored('ended')).status).toBe('revoked')
})

test('a line that ends a live grant is recorded as its revocation, and tells whether the access ended', async () => {
  const action = 'Leaving'
  await load(line('leaves', { action }), line('leaves too', { action }))
  await load(line('leaves', { action, revoked_at: '2026-03-01T00:00:00Z' }))
  await load(line('leaves too', { action, revoked_at: '2026-03-01T00:00:00Z' }))
  await load(line('leaves too', { action, revoked_at: '2026-03-02T00:00:00Z', metadata: { why: 'later' } }))
  expect(await stored('leaves too')).toMatchObject({
    revoked_at: '2026-03-01T00:00:00.000Z',
    metadata: { why: 'later' },
  })
  const { id: first } = await stored('leaves')
  const { id: second } = await stored('leaves too')
  const entries = await app.asOwner<{ id: string; action: string; ended: boolean | null }>(
    `select resource_id as id, action, (metadata->>'access_ended')::boolean as ended from audit_log
      where resource_id = any($1) and action <> 'grant.created' order by seq`,
    [[first, second]],
  )
  expect(entries).toEqual([
    { id: first, action: 'grant.revoked', ended: false },
    { id: second, action: 'grant.revoked', ended: true },
    { id: second, action: 'grant.updated', ended: null },
  ])
})

test('who is not active gets no new access by an import, and keeps the history', async () => {
  await load({ type: 'identity', external_id: 'gone', name: 'Gone', lifecycle_state: 'inactive' })
  const report = await load(
    line('too-late', { grantee_id: 'gone' }),
    line('long-over', { grantee_id: 'gone', expires_at: '2026-02-01T00:00:00Z' }),
  )
  expect(report.counts['grant']).toMatchObject({ created: 1, failed: 1 })
  expect(report.failures[0]?.message).toContain('gone is not active')
})

test('who is no longer active keeps no access for longer by an import, and loses it sooner', async () => {
  const left = { type: 'identity', external_id: 'left', name: 'Left' }
  const ending = (expires_at: string | null, over = {}) =>
    line('left-ends', { grantee_id: 'left', expires_at, ...over })
  await load(left, ending('2099-01-01T00:00:00Z'))
  await load({ ...left, lifecycle_state: 'inactive' })
  for (const later of ['2099-01-02T00:00:00Z', null])
    expect((await load(ending(later))).failures[0]?.message).toContain('left is not active')
  expect((await load(ending('2098-01-01T00:00:00Z'))).total).toMatchObject({ updated: 1 })
  const revoked = ending('2099-01-02T00:00:00Z', { revoked_at: '2026-02-01T00:00:00Z' })
  expect((await load(revoked)).total).toMatchObject({ updated: 1 })
})

test('a line that would have an entitlement give other access fails while it has open grants', async () => {
  const source = { type: 'source', external_id: 'aws', name: 'AWS', connector: 'aws' }
  const entitlement = (external_id: string, action: string) => ({
    type: 'entitlement',
    external_id,
    source: 'aws',
    name: external_id,
    resource: { type: 'aws_account', id: '123456789012' },
    action,
  })
  const held = line('of held', { resource: undefined, action: undefined, entitlement: 'held' })
  await load(source, entitlement('held', 'read'), entitlement('free', 'read'), held)
  const report = await load(entitlement('held', 'write'), entitlement('free', 'write'))
  expect(report.total).toMatchObject({ updated: 1, failed: 1 })
  expect(report.failures[0]).toMatchObject({
    code: 'in_use',
    message: expect.stringContaining('action: the entitlement has open grants'),
  })
  await load({ ...held, revoked_at: '2026-03-01T00:00:00Z' })
  expect((await load(entitlement('held', 'write'))).total).toMatchObject({ updated: 1 })
})

test('an extension made here stays', async () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString()
  await load(line('extended', { expires_at: soon }))
  const { id } = await stored('extended')
  const more = { duration_seconds: 3600, reason: 'more' }
  await inTenant(tenant, () => app.app.get(GrantsService).extend(actor, id, more, new Precondition(undefined)))
  expect((await load(line('extended', { expires_at: soon }))).total).toMatchObject({ unchanged: 1 })
  expect(Date.parse((await stored('extended')).expires_at ?? '')).toBe(Date.parse(soon) + 3_600_000)
})

test('a line that does not name the end leaves it as it is; null lifts it', async () => {
  const expires_at = '2099-01-01T00:00:00.000Z'
  await load(line('limited', { expires_at }))
  const report = await load(line('limited', { expires_at: undefined, metadata: { why: 'new' } }))
  expect(report.total).toMatchObject({ updated: 1 })
  expect(await stored('limited')).toMatchObject({ expires_at, metadata: { why: 'new' } })
  expect((await load(line('limited', { expires_at: null }))).total).toMatchObject({ updated: 1 })
  expect((await stored('limited')).expires_at).toBeNull()
})

test('a line moves the end no further than extensions may reach', async () => {
  const until = '2099-02-01T00:00:00.000Z'
  const { grantee_id } = await stored('active')
  await inTenant(tenant, () =>
    app.app.get(GrantsService).create(actor, {
      external_id: 'bounded',
      grantee_id,
      resource: line('').resource,
      action: 'Bounded',
      expires_at: '2099-01-01T00:00:00.000Z',
      extension: { until },
    }),
  )
  const { granted_at } = await stored('bounded')
  const moved = (expires_at: string | null) => load(line('bounded', { action: 'Bounded', granted_at, expires_at }))
  for (const beyond of ['2099-02-01T00:00:00.001Z', null])
    expect((await moved(beyond)).failures[0]?.message).toContain(
      `expires_at: the grant cannot be extended beyond ${until}`,
    )
  expect((await moved(until)).total).toMatchObject({ updated: 1 })
  expect((await moved('2099-01-15T00:00:00Z')).total).toMatchObject({ updated: 1 })
})

test.each([
  ['no such person', { grantee_id: 'nobody' }, 'grantee_id'],
  ['no such entitlement', { entitlement: 'none' }, 'entitlement'],
  ['an account id of three digits', { resource: { type: 'aws_account', id: '123' } }, 'resource.id'],
  ['an end before its beginning', { expires_at: '2025-01-01T00:00:00Z' }, 'expires_at'],
  ['a revocation before it was granted', { revoked_at: '2020-01-01T00:00:00Z' }, 'revoked_at'],
  ['a revocation that is yet to come', { revoked_at: '2099-01-01T00:00:00Z' }, 'revoked_at'],
  ['an hour 24', { expires_at: '2099-01-01T24:00:00Z' }, 'expires_at'],
])('a line with %s fails by itself and names the field', async (_, over, field) => {
  const report = await load(line(`bad ${field}`, over), line('good'))
  expect(report.total.failed).toBe(1)
  expect(report.failures[0]?.message).toContain(field)
})

test('a stored grant keeps what it is: another beginning or resource fails, and an end before its stored beginning too', async () => {
  await load(line('kept', { starts_at: '2026-06-01T00:00:00Z' }))
  const report = await load(line('kept', { action: 'Other' }))
  expect(report.failures[0]?.message).toContain('do not change')
  expect((await load(line('kept', { starts_at: '2026-07-01T00:00:00Z' }))).total.failed).toBe(1)
  expect((await load(line('kept', { expires_at: '2026-03-01T00:00:00Z' }))).failures[0]?.message).toContain(
    'expires_at',
  )
})

test('a thousand lines that want a taken id fail one by one', async () => {
  const { id } = await stored('active')
  const wanted = Array.from({ length: 1000 }, (_, number) => line(`taken ${number}`, { id }))
  const report = await load(...wanted)
  expect(report.total).toMatchObject({ created: 0, failed: 1000 })
  expect(report.failures[0]?.message).toContain(id)
})

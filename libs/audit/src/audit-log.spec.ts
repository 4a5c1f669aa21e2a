import { newId } from '#kernel'
import { Database } from '#platform'
import { startApp, type TestApp } from '../../../test/support/app.ts'
import { adminOf, inTenant } from '../../../test/support/tenant.ts'
import { AuditLogRepository } from './audit-log.repository.ts'
import { AuditLogService } from './audit-log.service.ts'
import { Changes, type Change } from './changes.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})

afterAll(() => app.close())

const change = (name: string): Change => ({
  action: 'segment.created',
  resource: { type: 'segment', id: name },
  data: { name },
  metadata: { b: [1, 'ü'], a: null },
})

function record(tenant: string, ...names: string[]): Promise<void> {
  const { app: nest } = app
  return inTenant(tenant, () =>
    nest.get(Database).transaction(() => nest.get(Changes).record(adminOf(tenant), ...names.map(change))),
  )
}

function verify(tenant: string) {
  return inTenant(tenant, () => app.app.get(AuditLogService).verify(adminOf(tenant)))
}

async function chainOf(length: number): Promise<string> {
  const tenant = newId()
  for (let index = 0; index < length; index++) await record(tenant, `thing ${index}`)
  return tenant
}

test('a chain that nobody touched is valid, and every change has an event with the same place', async () => {
  const tenant = await chainOf(3)
  expect(await verify(tenant)).toEqual({
    valid: true,
    entries: 3,
    head: expect.stringMatching(/^[0-9a-f]{64}$/),
    first_break: null,
  })
  const events = await app.asOwner('select seq::int, type, data from events where tenant_id = $1 order by seq', [
    tenant,
  ])
  expect(events).toEqual(
    [0, 1, 2].map((index) => ({ seq: index + 1, type: 'segment.created', data: { name: `thing ${index}` } })),
  )
})

class CountedReadings extends AuditLogRepository {
  count = 0

  override verify(): ReturnType<AuditLogRepository['verify']> {
    this.count += 1
    return super.verify()
  }
}

test('verifications that are asked for together are two readings of the log, however many they are', async () => {
  const tenant = await chainOf(3)
  const readings = new CountedReadings(app.app.get(Database))
  const service = new AuditLogService(readings)
  const ask = () => inTenant(tenant, () => service.verify(adminOf(tenant)))
  const together = await Promise.all(Array.from({ length: 20 }, ask))
  expect(readings.count).toBe(2)
  for (const each of together) expect(each).toMatchObject({ valid: true, entries: 3 })
  await record(tenant, 'one more')
  expect(await ask()).toMatchObject({ valid: true, entries: 4 })
})

test('an empty log is valid', async () => {
  expect(await verify(newId())).toEqual({ valid: true, entries: 0, head: '', first_break: null })
})

test('changes at the same time make one chain without gap or fork', async () => {
  const tenant = newId()
  await Promise.all(Array.from({ length: 20 }, (_, index) => record(tenant, `a ${index}`, `b ${index}`)))
  expect(await verify(tenant)).toMatchObject({ valid: true, entries: 40 })
})

test('a change that is rolled back leaves neither entry nor event', async () => {
  const tenant = await chainOf(1)
  const { app: nest } = app
  await expect(
    inTenant(tenant, () =>
      nest.get(Database).transaction(async () => {
        await nest.get(Changes).record(adminOf(tenant), change('gone'))
        throw new Error('broken off')
      }),
    ),
  ).rejects.toThrow('broken off')
  expect(await verify(tenant)).toMatchObject({ valid: true, entries: 1 })
})

test('a change is refused outside of a transaction', async () => {
  await expect(inTenant(newId(), () => app.app.get(Changes).record(adminOf(newId()), change('x')))).rejects.toThrow(
    /transaction/,
  )
})

test.each([
  ['an altered action', `update audit_log set action = 'x' where tenant_id = $1 and seq = 3`, 3, 'altered'],
  ['an altered actor', `update audit_log set actor_id = 'x' where tenant_id = $1 and seq = 2`, 2, 'altered'],
  ['altered metadata', `update audit_log set metadata = '{}' where tenant_id = $1 and seq = 4`, 4, 'altered'],
  [
    'a moved time',
    `update audit_log set created_at = created_at - interval '1 ms' where tenant_id = $1 and seq = 1`,
    1,
    'altered',
  ],
  [
    'a new hash over an altered entry',
    `update audit_log a set action = 'x', hash = audit_hash(a.prev_hash, (a.tenant_id, a.seq, a.id, a.actor_id, a.actor_type, 'x', a.resource_type, a.resource_id, a.metadata, a.reasoning, a.request_id, a.created_at, a.prev_hash, a.hash)::audit_log) where tenant_id = $1 and seq = 3`,
    4,
    'broken_link',
  ],
  ['a dropped entry', `delete from audit_log where tenant_id = $1 and seq = 3`, 3, 'missing'],
  ['a dropped beginning', `delete from audit_log where tenant_id = $1 and seq <= 2`, 1, 'missing'],
  ['a cut end', `delete from audit_log where tenant_id = $1 and seq >= 4`, 4, 'truncated'],
  [
    'two entries swapped',
    `update audit_log set seq = case seq when 2 then 3 else 2 end + 100 where tenant_id = $1 and seq in (2, 3); `,
    2,
    'missing',
  ],
  [
    'an entry put in',
    `insert into audit_log select tenant_id, 6, gen_random_uuid(), actor_id, actor_type, action, resource_type, resource_id, metadata, reasoning, request_id, created_at, hash, audit_hash(hash, a) from audit_log a where tenant_id = $1 and seq = 5`,
    6,
    'altered',
  ],
])('the verification names the first place of %s', async (_, tampering, seq, reason) => {
  const tenant = await chainOf(5)
  await app.asOwner(tampering, [tenant])
  expect(await verify(tenant)).toMatchObject({ valid: false, first_break: { seq, reason } })
})

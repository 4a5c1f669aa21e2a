import { keptText } from '#platform'
import { startWorld, type World } from '../../../test/support/world.ts'
import { grantProjection } from './grants.fields.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world.close())

test('the database keeps of a grant what the projection says', async () => {
  const [kept] = await world.asOwner<{ source: string }>(
    `select prosrc as source from pg_proc where proname = 'grant_written'`,
  )
  expect(inOneLine(kept?.source ?? '')).toBe(inOneLine(`select ${keptText(grantProjection.kept)}`))
})

test('what a grant keeps is what its columns say, whoever wrote it and however', async () => {
  const { admin, people } = world.acme
  const resource = { type: 'aws_account', id: '123456789012' }
  const grant = {
    grantee_id: people.alice,
    resource,
    action: 'ReadOnlyAccess',
    metadata: { 'say "so"': ['\\', 'ü', 1] },
  }
  const made = await admin.post('/v1/grants', { ...grant, duration_seconds: 3600, external_id: 'a "quoted" \\ name' })
  await admin.post(`/v1/grants/${made.body['id']}/extension`, { duration_seconds: 60, reason: 'more\nlines' })
  const ended = await admin.post('/v1/grants', grant)
  await admin.delete(`/v1/grants/${ended.body['id']}`)
  const text = `update grants set provisioning_status = 'failed', written = 'something else', extension_limit = 3 where id = $1`
  await world.asOwner(text, [made.body['id']])
  await world.asOwner(`set session_replication_role = replica; update grants set action = 'AdministratorAccess'`)
  const rows = await world.asOwner(
    `select version, action, written = grant_written(g) as same, (written || '}')::json->'version' as kept from grants g order by id`,
  )
  expect(rows).toEqual([
    { version: 3, action: 'AdministratorAccess', same: true, kept: 3 },
    { version: 2, action: 'AdministratorAccess', same: true, kept: 2 },
  ])
  const { body } = await admin.get(`/v1/grants/${made.body['id']}`)
  expect(body).toMatchObject({
    external_id: 'a "quoted" \\ name',
    metadata: grant.metadata,
    version: 3,
    status: 'active',
  })
})

function inOneLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=\() | (?=\))/g, '')
    .trim()
}

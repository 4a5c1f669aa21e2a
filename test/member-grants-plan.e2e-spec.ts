import type { Database, Sql } from '#platform'
import { MemberGrantsRepository, type Memberships } from '../libs/grants/src/member-grants.repository.ts'
import { blocksRead } from './support/plans.ts'
import { startWorld, type TestTenant } from './support/world.ts'

/* What PostgreSQL reads to give members their grants, when its statistics know nothing of the tenant: as in a first import. */

const profiles = 100
const plainGrants = 2000

const world = await startWorld()
afterAll(() => world.close())

function* organization(): Generator<object> {
  yield { type: 'source', external_id: 'source', name: 'Source', connector: 'github' }
  for (let n = 0; n < profiles; n++) {
    yield { type: 'identity', external_id: `person-${n}`, name: `Person ${n}`, email: `person${n}@plan.example` }
    yield { type: 'entitlement', external_id: `entitlement-${n}`, source: 'source', name: `E ${n}`, action: 'read' }
    yield { type: 'access_profile', external_id: `profile-${n}`, name: `Profile ${n}`, owner: 'person-0', source: 'source', enabled: true, entitlements: [`entitlement-${n}`] } // prettier-ignore
  }
  for (let n = 0; n < plainGrants; n++) {
    const resource = { type: 'aws_account', id: String(100_000_000_000 + n) }
    yield {
      type: 'grant',
      external_id: `grant-${n}`,
      grantee_id: `person-${n % profiles}`,
      resource,
      action: 'read',
      granted_at: '2026-01-01T00:00:00Z',
    }
  }
  for (let n = 0; n < profiles * 4; n++) {
    const identity = `person-${(n * 7 + Math.floor(n / profiles)) % profiles}`
    yield { type: 'assignment', access_profile: `profile-${n % profiles}`, identity }
  }
}

async function importOrganization({ id, adminKey }: TestTenant): Promise<void> {
  const lines = [...organization()].map((line) => JSON.stringify(line)).join('\n')
  const headers = { 'x-api-key': adminKey, 'x-tenant-id': id, 'content-type': 'application/x-ndjson' }
  const answer = await fetch(`${world.url}/v1/imports`, { method: 'POST', headers, body: lines })
  expect(await answer.json()).toMatchObject({ total: { failed: 0, deferred: 0 } })
}

/** The blocks that each of the statements reads. */
async function blocks(memberships: Memberships): Promise<number[]> {
  const statements: Sql[] = []
  const recorder = { query: (statement: Sql) => Promise.resolve((statements.push(statement), [])) }
  const repository = new MemberGrantsRepository(recorder as unknown as Database)
  await repository.excess(memberships)
  await repository.missing(memberships)
  return blocksRead(world, world.acme.id, statements)
}

test('giving many members their grants reads each row a few times, not once for each other row', async () => {
  await importOrganization(world.globex)
  await world.asOwner('analyze')
  await importOrganization(world.acme)
  const members = await world.asOwner<{ profile_id: string; identity_id: string }>(
    'select profile_id::text, identity_id::text from access_profile_members where tenant_id = $1',
    [world.acme.id],
  )
  const memberships = {
    profileIds: [...new Set(members.map(({ profile_id }) => profile_id))],
    identityIds: [...new Set(members.map(({ identity_id }) => identity_id))],
  }
  const rows = members.length + plainGrants + 3 * profiles
  for (const read of await blocks(memberships)) expect(read).toBeLessThan(4 * rows)
})

import { DecisionRecords } from '../libs/policy/src/decisions/decision-records.ts'
import { Client, type Json } from './support/client.ts'
import { newSigner, sign } from './support/forge.ts'
import { startWorld, type World } from './support/world.ts'

/* What a person may ask for: offered by access profiles, seen through segments, permitted by policies. */

let world: World
let admin: Client
let alice: Client
let source: string

const arn = (role: number): string =>
  `arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-${String(role).padStart(16, '0')}`

beforeAll(async () => {
  world = await startWorld()
  admin = world.acme.admin
  alice = await world.acme.as('alice')
  const aws = {
    sso_start_url: 'https://acme.awsapps.com/start',
    sso_region: 'eu-central-1',
    accounts: [
      { id: '111111111111', name: 'production' },
      { id: '222222222222', name: 'sandbox' },
    ],
  }
  source = (await make('/v1/sources', { name: 'AWS', connector: 'aws', aws }))['id']
})
afterAll(() => world.close())

async function make(path: string, body: Json): Promise<Json> {
  const answer = await admin.post(path, body)
  if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`)
  return answer.body
}

function entitlement(account: string, role: string, number: number): Promise<Json> {
  return make('/v1/entitlements', {
    source_id: source,
    name: role,
    resource: { type: 'aws_permission_set', id: arn(number) },
    action: 'assume',
    attributes: { account_id: account },
  })
}

async function profile(name: string, entitlements: Json[], body: Json = {}): Promise<Json> {
  const contents = entitlements.map(({ id }) => ({ entitlement_id: id as string }))
  return make('/v1/access-profiles', { name, entitlements: contents, ...body })
}

const policy = (name: string, cedar_policy_set: string): Promise<Json> =>
  make('/v1/policies', { name, max_duration_seconds: 3600, cedar_policy_set })

async function profiles(status: string, client = alice, query = ''): Promise<Json[]> {
  const answer = await client.get(`/v1/registry/profiles?status=${status}${query}`)
  expect([answer.status, answer.text]).toEqual([200, expect.anything()])
  return answer.body['profiles'] as Json[]
}

const names = (all: Json[]): string[] =>
  all.map(({ name, approval_mode, status }) => `${name} ${approval_mode ?? status}`)

test('is what running, requestable profiles offer and policies permit, with the way it is approved, until it is held', async () => {
  const [read, write, secret] = [
    await entitlement('111111111111', 'ReadOnly', 1),
    await entitlement('111111111111', 'Write', 2),
    await entitlement('222222222222', 'Secret', 3),
  ]
  const parent = await profile('Readers', [read])
  const child = await profile('Writers', [write], { inherits: [parent['id']] })
  const hidden = await profile('Hidden', [secret], { requestable: false })
  expect(names(await profiles('available'))).toEqual([])

  const ask = await policy('ask', 'permit (principal, action == Action::"request_access", resource);')
  expect(names(await profiles('available'))).toEqual([
    'profile production/ReadOnly require',
    'profile production/Write require',
  ])
  await policy(
    'auto',
    `permit (principal, action == Action::"auto_approve", resource == AwsPermissionSet::"${arn(1)}");`,
  )
  expect(names(await profiles('available'))).toEqual([
    'profile production/ReadOnly auto',
    'profile production/Write require',
  ])
  const forbid = await policy(
    'no',
    `forbid (principal, action == Action::"request_access", resource in AccessProfile::"${child['id']}");`,
  )
  expect(names(await profiles('available'))).toEqual([])
  await admin.delete(`/v1/policies/${forbid['id']}`)

  await admin.patch(`/v1/access-profiles/${hidden['id']}`, { requestable: true })
  expect(names(await profiles('available'))).toContain('profile sandbox/Secret require')
  await admin.patch(`/v1/access-profiles/${hidden['id']}`, { state: 'paused' })
  expect(names(await profiles('available'))).not.toContain('profile sandbox/Secret require')

  await make('/v1/grants', { grantee_id: world.acme.people.alice, entitlement_id: write['id'], duration_seconds: 3600 })
  expect(names(await profiles('available'))).toEqual(['profile production/ReadOnly auto'])
  expect(names(await profiles('all'))).toEqual(['profile production/ReadOnly auto', 'profile production/Write active'])
  const [offered] = await profiles('available')
  expect(offered?.['attributes']).toContainEqual({ key: 'granted_sso_account_id', value: '111111111111' })
  expect(names(await profiles('available', await world.acme.as('bob')))).toHaveLength(2)

  await admin.delete(`/v1/policies/${ask['id']}`)
  expect(names(await profiles('available'))).toEqual([])
})

test('comes with the notices of the policies that permit what is on the page, each once', async () => {
  await profile('Noticed', [
    await entitlement('222222222222', 'NoticedA', 6),
    await entitlement('222222222222', 'NoticedB', 7),
  ])
  const made = await policy(
    'noticed',
    `@notice("Ask kindly") permit (principal, action == Action::"request_access", resource);
     @notice("Approved by itself") permit (principal, action == Action::"auto_approve", resource == AwsPermissionSet::"${arn(7)}");
     @notice("Never told") forbid (principal, action, resource == AwsPermissionSet::"${arn(1)}");`,
  )
  const notices = async (query: string): Promise<unknown> =>
    (await alice.get(`/v1/registry/profiles?${query}`)).body['notices']
  expect(await notices('status=available')).toEqual(['Ask kindly', 'Approved by itself'])
  expect(await notices('status=all&limit=250')).toEqual(['Ask kindly', 'Approved by itself'])
  expect(await notices('status=active')).toBeUndefined()
  await admin.delete(`/v1/policies/${made['id']}`)
})

test('is seen by the people of the segments of a profile only', async () => {
  const policed = await policy('all', 'permit (principal, action, resource);')
  const segment = await make('/v1/segments', {
    name: 'Engines',
    active: true,
    visibility_criteria: {
      expression: {
        operator: 'EQUALS',
        attribute: 'department',
        value: { type: 'STRING', value: 'Engines' },
        children: null,
      },
    },
  })
  await profile('Engines only', [await entitlement('222222222222', 'Engines', 4)], { segment_ids: [segment['id']] })
  expect(names(await profiles('available'))).not.toContain('profile sandbox/Engines auto')
  await admin.patch(`/v1/identities/${world.acme.people.alice}`, { attributes: { department: 'Engines' } })
  expect(names(await profiles('available'))).toContain('profile sandbox/Engines auto')
  await admin.patch(`/v1/segments/${segment['id']}`, { active: false })
  expect(names(await profiles('available', await world.acme.as('carol')))).toContain('profile sandbox/Engines auto')
  await admin.delete(`/v1/policies/${policed['id']}`)
})

test('is what the groups permit that the identity provider vouches for, by the directory’s names and by its own', async () => {
  const [signer, issuer] = [newSigner('groups'), 'https://groups.example']
  const jwks = { keys: [signer.jwk] }
  await make('/v1/oidc-issuers', { issuer, audience: 'castellan', jwks, groups_claim: 'roles' })
  const { id: group } = await make('/v1/groups', { name: 'Vouched' })
  const [named, foreign] = [
    await entitlement('111111111111', 'Named', 8),
    await entitlement('111111111111', 'Foreign', 9),
  ]
  await profile('Of groups', [named, foreign])
  const { id } = await policy(
    'groups',
    `permit (principal in Group::"${group}", action == Action::"request_access", resource == AwsPermissionSet::"${arn(8)}");
     permit (principal in Group::"their-own", action == Action::"request_access", resource == AwsPermissionSet::"${arn(9)}");`,
  )
  const offered = async (claims: Json): Promise<string[]> => {
    const exp = Math.floor(Date.now() / 1000) + 600
    const token = await sign(signer, { iss: issuer, aud: 'castellan', sub: 'guest', exp, ...claims })
    const guest = new Client(world.url, { authorization: `Bearer ${token}`, 'x-tenant-id': world.acme.id })
    return names(await profiles('available', guest))
  }
  const [byName, byOwn] = ['profile production/Named require', 'profile production/Foreign require']
  expect(await offered({ roles: ['Vouched', 'their-own'] })).toEqual([byOwn, byName])
  expect(await offered({ roles: [group, 5, null, '\0', { a: 1 }] })).toEqual([byName])
  expect(await offered({ roles: 'their-own' })).toEqual([byOwn])
  expect(await offered({ groups: ['Vouched'] })).toEqual([])
  expect(await offered({ roles: { Vouched: true } })).toEqual([])
  await world.app.get(DecisionRecords).flush()
  const { body } = await admin.get(`/v1/policies/decisions?filter=${encodeURIComponent('decision eq "allow"')}&limit=1`)
  expect(body['data'][0].groups).toEqual(['their-own'])
  await admin.delete(`/v1/policies/${id}`)
})

test('of a thousand, page by page, is every one that is permitted once, in order, also where each page has to look at many', async () => {
  await world.asOwner(
    `insert into entitlements (tenant_id, id, source_id, name, resource_type, resource_id, action, attributes)
      select $1, new_id(), $2, 'Role-' || (n % 5), 'aws_permission_set', $3 || (n % 5), 'assume',
        jsonb_build_object('account_id', (300000000000 + n / 5)::text)
      from generate_series(0, 999) n`,
    [world.acme.id, source, arn(0).slice(0, -1)],
  )
  const many = await profile('Many', [await entitlement('222222222222', 'One', 5)])
  await world.asOwner(
    `insert into access_profile_entitlements (tenant_id, profile_id, number, entitlement_id, position)
      select tenant_id, $2, 1, id, row_number() over (order by id) from entitlements where tenant_id = $1 and name like 'Role-%'`,
    [world.acme.id, many['id']],
  )
  const { id } = await policy(
    'one in five',
    `permit (principal, action == Action::"request_access", resource == AwsPermissionSet::"${arn(3)}");`,
  )
  const found: string[] = []
  for (let token = ''; ;) {
    const { body } = await alice.get(`/v1/registry/profiles?status=available&limit=70&page_token=${token}`)
    found.push(...(body['profiles'] as Json[]).map(({ name }) => name as string))
    token = body['next_page_token']
    if (token === '') break
  }
  const wanted = Array.from({ length: 200 }, (_, n) => `profile ${300000000000 + n}/Role-3`)
  expect(found.filter((name) => name.includes('Role-'))).toEqual(wanted)
  await admin.delete(`/v1/policies/${id}`)
})

import type { Client, Json } from './support/client.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let admin: Client
let alice: Client
let source: string

const arn = 'arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-8d9587ff961d5dcf'

beforeAll(async () => {
  world = await startWorld()
  admin = world.acme.admin
  alice = await world.acme.as('alice')
  source = (
    await make('/v1/sources', {
      name: 'AWS',
      connector: 'aws',
      aws: {
        sso_start_url: 'https://acme.awsapps.com/start',
        sso_region: 'eu-central-1',
        accounts: [
          { id: '111111111111', name: 'Production West' },
          { id: '222222222222', name: 'sandbox' },
          { id: '333333333333', name: 'sandbox' },
          { id: '555555555555', name: 'sandbox-222222222222' },
          { id: '666666666666', name: '444444444444' },
        ],
      },
    })
  )['id']
})

afterAll(() => world.close())

async function make(path: string, body: Json): Promise<Json> {
  const answer = await admin.post(path, body)
  if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`)
  return answer.body
}

function entitlement(account: string, name: string, resource = arn): Promise<Json> {
  return make('/v1/entitlements', {
    source_id: source,
    name,
    resource: { type: 'aws_permission_set', id: resource },
    action: 'assume',
    attributes: { account_id: account },
  })
}

const hold = async (over: Json, person: 'alice' | 'bob' | 'carol' = 'alice'): Promise<Json> =>
  make('/v1/grants', { grantee_id: world.acme.people[person], duration_seconds: 3600, ...over })

const attribute = (profile: Json, key: string): string | undefined =>
  profile['attributes'].find((each: Json) => each['key'] === key)?.value

test('gives one profile for each account and permission set, as the granted CLI writes it, while any grant lives', async () => {
  const held = await entitlement('111111111111', 'ReadOnlyAccess')
  const first = await hold({ entitlement_id: held['id'] })
  const second = await hold({ entitlement_id: held['id'] })
  const expected = {
    profiles: [
      {
        name: 'profile Production-West/ReadOnlyAccess',
        attributes: [
          { key: 'granted_sso_start_url', value: 'https://acme.awsapps.com/start' },
          { key: 'granted_sso_region', value: 'eu-central-1' },
          { key: 'granted_sso_account_id', value: '111111111111' },
          { key: 'granted_sso_role_name', value: 'ReadOnlyAccess' },
          { key: 'credential_process', value: 'granted credential-process --profile Production-West/ReadOnlyAccess' },
        ],
        status: 'active',
      },
    ],
    next_page_token: '',
  }
  expect((await alice.get('/v1/registry/profiles')).body).toEqual(expected)
  expect((await alice.get('/v1/registry/profiles?limit=50&status=all')).body).toEqual(expected)
  await admin.delete(`/v1/grants/${first['id']}`)
  expect((await alice.get('/v1/registry/profiles?status=active')).body).toEqual(expected)
  await admin.delete(`/v1/grants/${second['id']}`)
  expect((await alice.get('/v1/registry/profiles')).body).toEqual({ profiles: [], next_page_token: '' })
})

test('accounts of one name are told apart by their ids, and every name is one that the client accepts', async () => {
  const bob = await world.acme.as('bob')
  for (const account of ['222222222222', '333333333333', '444444444444', '555555555555', '666666666666']) {
    const held = await entitlement(account, 'Admin', arn.replace('8d', account.slice(0, 2)))
    await hold({ entitlement_id: held['id'] }, 'bob')
  }
  const { body } = await bob.get('/v1/registry/profiles')
  expect(body['profiles'].map((profile: Json) => profile['name'])).toEqual([
    'profile sandbox-222222222222/Admin',
    'profile sandbox-333333333333/Admin',
    'profile 444444444444/Admin',
    'profile sandbox-222222222222-555555555555/Admin',
    'profile 444444444444-666666666666/Admin',
  ])
})

test('how to sign in to an account that was granted by itself, its source says that lists the account', async () => {
  const held = await Promise.all(
    ['111111111111', '777777777777'].map((id) => hold({ resource: { type: 'aws_account', id }, action: 'Audit' })),
  )
  const { body } = await alice.get('/v1/registry/profiles')
  expect(
    body['profiles'].map((profile: Json) => [profile['name'], attribute(profile, 'granted_sso_start_url')]),
  ).toEqual([
    ['profile Production-West/Audit', 'https://acme.awsapps.com/start'],
    ['profile 777777777777/Audit', undefined],
  ])
  for (const { id } of held) await admin.delete(`/v1/grants/${id}`)
})

test('pages by a token that is safe in a URL, and the last page has none', async () => {
  const carol = await world.acme.as('carol')
  for (const action of ['One', 'Two', 'Three'])
    await hold({ resource: { type: 'aws_account', id: '111111111111' }, action }, 'carol')
  const names: string[] = []
  let token = ''
  do {
    const { body }: { body: Json } = await carol.get(`/v1/registry/profiles?limit=1&page_token=${token}`)
    names.push(...body['profiles'].map((profile: Json) => attribute(profile, 'granted_sso_role_name')))
    token = body['next_page_token']
    expect(token).toMatch(/^[A-Za-z0-9_-]*$/)
  } while (token !== '')
  expect(names).toEqual(['One', 'Three', 'Two'])
  const { body } = await carol.get('/v1/registry/profiles?limit=1')
  expect((await alice.get(`/v1/registry/profiles?page_token=${body['next_page_token']}`)).status).toBe(400)
})

test('buckets, databases, instances and units have no profile', async () => {
  const grants = await Promise.all(
    [
      { type: 'aws_s3_bucket', id: 'reports-bucket' },
      { type: 'aws_rds_instance', id: 'arn:aws:rds:eu-central-1:111111111111:db:orders' },
      { type: 'aws_ec2_instance', id: 'i-0abc1234def567890' },
      { type: 'aws_organizational_unit', id: 'ou-ab12-12345678' },
    ].map((resource) => hold({ resource, action: 'read' })),
  )
  expect((await alice.get('/v1/registry/profiles')).body['profiles']).toEqual([])
  for (const { id } of grants) await admin.delete(`/v1/grants/${id}`)
})

test('a name that could break the client’s file never leaves the server', async () => {
  const forged = await admin.post('/v1/sources', {
    name: 'Forged',
    connector: 'aws',
    aws: {
      sso_start_url: 'https://x.awsapps.com/start',
      sso_region: 'eu-central-1',
      accounts: [{ id: '111111111111', name: 'a\n[profile b]' }],
    },
  })
  expect(forged.status).toBe(400)
  const template = await admin.post('/v1/sources', {
    name: 'Template',
    connector: 'aws',
    aws: {
      sso_start_url: 'https://x.awsapps.com/start',
      sso_region: 'eu-central-1',
      accounts: [{ id: '111111111111', name: '{{ .Profile }}' }],
    },
  })
  expect(template.status).toBe(400)
})

test('is for a signed-in person: an API key is refused', async () => {
  const { status, body } = await admin.get('/v1/registry/profiles')
  expect([status, body['code']]).toEqual([403, 'forbidden'])
})

test('what may be asked for is empty before policies stand', async () => {
  expect((await alice.get('/v1/registry/profiles?status=available')).body).toEqual({
    profiles: [],
    next_page_token: '',
  })
})

test.each(['status=open', 'limit=0', 'limit=251', 'page_token=abc', 'cursor=abc'])(
  'refuses %s with 400',
  async (query) => {
    expect((await alice.get(`/v1/registry/profiles?${query}`)).status).toBe(400)
  },
)

import type { Json } from './support/client.ts'
import { startWorld, type World } from './support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const hour = 3600
const account = 'aws_account:123456789012'

async function policy(body: Json): Promise<Json> {
  const {
    status,
    body: made,
    text,
  } = await world.acme.admin.post('/v1/policies', { max_duration_seconds: hour, ...body })
  expect([status, text]).toEqual([201, expect.anything()])
  return made
}

async function removeAll(): Promise<void> {
  const { body } = await world.acme.admin.get('/v1/policies?limit=250')
  for (const { id } of body['data']) await world.acme.admin.delete(`/v1/policies/${id}`)
}

afterEach(removeAll)

const ask = async (question: Json): Promise<Json> => {
  const { status, body, text } = await world.acme.admin.post('/v1/policies/evaluate', question)
  expect([status, text]).toEqual([200, expect.anything()])
  return body
}

const alice = (): string => `user:${world.acme.people.alice}`

describe('a policy', () => {
  test('decides from the moment it is saved until it is deleted, and nothing is permitted without one', async () => {
    const question = { principal: alice(), action: 'request_access', resource: account }
    expect(await ask(question)).toMatchObject({ permitted: false, decision: 'deny', matching_policy_ids: [] })
    const { id } = await policy({
      name: 'All',
      cedar_policy_set:
        '@notice("Recorded") permit (principal, action == Action::"request_access", resource is AwsAccount);',
    })
    expect(await ask(question)).toMatchObject({ permitted: true, matching_policy_ids: [id], notices: ['Recorded'] })
    await world.acme.admin.patch(`/v1/policies/${id}`, { enabled: false })
    expect(await ask(question)).toMatchObject({ permitted: false })
    await world.acme.admin.patch(`/v1/policies/${id}`, { enabled: true })
    expect(await ask(question)).toMatchObject({ permitted: true })
    await world.acme.admin.delete(`/v1/policies/${id}`)
    expect(await ask(question)).toMatchObject({ permitted: false })
  })
})

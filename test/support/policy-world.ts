import type { Answer, Client, Json } from './client.ts'
import { startWorld, type World } from './world.ts'

export const account = 'aws_account:123456789012'
export const anybody = 'permit (principal, action == Action::"request_access", resource is AwsAccount);'

/** A world whose acme writes policies and asks them. Each test begins without any. */
export interface PolicyWorld {
  readonly world: World
  readonly admin: Client
  /** As a principal. */
  readonly alice: string
  post(path: string, body: Json, headers?: Record<string, string>): Promise<Answer<Json>>
  /** A new policy of these rules, permitting anybody to ask for an account unless the test says otherwise. */
  policy(cedar_policy_set?: string, fields?: Json): Promise<Json>
  rulesOf(policy: Json): Promise<Json[]>
  /** May Alice ask for the account? Unless the question says otherwise. */
  ask(question?: Json): Promise<Json>
  evaluate(body: Json): Promise<Json>
}

/** Call it once, at the top of a spec file. */
export async function startPolicyWorld(): Promise<PolicyWorld> {
  const world = await startWorld()
  const { admin, people } = world.acme
  afterAll(() => world.close())
  afterEach(async () => {
    const { body } = await admin.get('/v1/policies?limit=250')
    for (const { id } of body['data']) await admin.delete(`/v1/policies/${id}`)
  })

  const alice = `user:${people.alice}`
  const post: PolicyWorld['post'] = (path, body, headers) => admin.post(path, body, headers)
  const evaluate = (body: Json): Promise<Json> => answered(post('/v1/policies/evaluate', body), 200)
  return {
    world,
    admin,
    alice,
    post,
    evaluate,
    policy: (cedar_policy_set = anybody, fields = {}) =>
      answered(post('/v1/policies', { name: 'Access', max_duration_seconds: 3600, cedar_policy_set, ...fields }), 201),
    rulesOf: async ({ id }) => (await admin.get(`/v1/policies/${id}/rules?limit=250`)).body['data'] as Json[],
    ask: (question = {}) => evaluate({ principal: alice, action: 'request_access', resource: account, ...question }),
  }
}

async function answered(sent: Promise<Answer<Json>>, expected: number): Promise<Json> {
  const { status, body, text } = await sent
  expect([status, text]).toEqual([expected, expect.anything()])
  return body
}

import { readFile } from 'node:fs/promises'
import { openContext, TokenService, forTenant } from '#platform'
import { demoPerson, demoPolicy, demoScopes, demoTenant } from '../../apps/api/src/demo-data.ts'
import { fillDemo } from '../../apps/api/src/demo.ts'
import { startApp } from '../support/app.ts'
import { Client, type Json } from '../support/client.ts'

/* What the documentation says of policies is what they decide, on the demo tenant. */

const app = await startApp()
afterAll(() => app.close())

const { body: tenant } = await app.operator.post('/v1/tenants', { id: demoTenant, name: 'Demo', slug: 'demo' })
const client = new Client(app.url, { 'x-api-key': tenant['api_key'] as string, 'x-tenant-id': demoTenant })
await openContext(null, () => fillDemo(app.app))

beforeEach(async () => {
  await withoutPolicies()
  await client.post('/v1/policies', demoPolicy)
})

async function withoutPolicies(): Promise<void> {
  for (const { id } of (await client.get('/v1/policies')).body['data']) await client.delete(`/v1/policies/${id}`)
}

const madeId = /^(?!019a0000-)[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Ids that the server makes and numbers that it counts are other ones each time. */
function expected(value: unknown): unknown {
  if (typeof value === 'number') return expect.any(Number)
  if (typeof value === 'string') return madeId.test(value) ? expect.any(String) : value
  if (Array.isArray(value)) return value.map(expected)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, expected(each)]))
}

test('the policies of the README decide as written there', async () => {
  const readme = await readFile('README.md', 'utf8')
  const section = /<!-- policies -->(.*)<!-- \/policies -->/s.exec(readme)?.[1] ?? ''
  const blocks = [...section.matchAll(/```(sh|json)\n(.*?)```/gs)]
  let answers: Json[] = []
  let compared = 0
  for (const [, language, text = ''] of blocks) {
    if (language === 'json') {
      expect(answers.at(-1)).toEqual(expected(JSON.parse(text)))
      compared++
      continue
    }
    answers = []
    for (const [, path, data] of text.matchAll(/--url 'http:\/\/127\.0\.0\.1:3000([^']+)'.*?--data '([^']+)'/gs)) {
      const answer = await client.post(path as string, JSON.parse(data as string))
      expect([answer.status, answer.text]).toEqual([path === '/v1/policies' ? 201 : 200, expect.anything()])
      answers.push(answer.body)
    }
  }
  expect(compared).toBe(2)
})

test('the policy that the documentation offers to create permits what it offers to ask', async () => {
  const { schemas } = (await app.anonymous.get('/v1/openapi.json')).body['components'] as Json
  const [create, ask] = ['CreatePolicy', 'EvaluatePolicies'].map((name) => schemas[name].example as Json) as [
    Json,
    Json,
  ]
  const { notices } = (await client.post('/v1/policies/evaluate', ask)).body
  expect(notices).toEqual(['Sessions in production are recorded'])
  await withoutPolicies()
  expect((await client.post('/v1/policies/evaluate', ask)).body).toMatchObject({ permitted: false })
  expect((await client.post('/v1/policies', create)).status).toBe(201)
  expect((await client.post('/v1/policies/evaluate', ask)).body).toMatchObject({ permitted: true })
})

test('the policy of the demo lets its person ask for what they do not hold, and nobody has to approve it', async () => {
  const token = await openContext(null, () =>
    forTenant(demoTenant, () => app.app.get(TokenService).forPerson(demoTenant, demoPerson, demoScopes)),
  )
  const person = new Client(app.url, { authorization: `Bearer ${token}`, 'x-tenant-id': demoTenant })
  const { body } = await person.get('/v1/registry/profiles?status=available')
  expect(body['profiles']).toMatchObject([{ name: 'profile sandbox/ReadOnlyAccess', approval_mode: 'auto' }])
})

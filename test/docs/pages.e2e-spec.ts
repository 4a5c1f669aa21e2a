import { jest } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { AccessProfilesApi, Configuration, Paginator } from 'sailpoint-api-client'
import { openContext } from '#platform'
import { demoTenant } from '../../apps/api/src/demo-data.ts'
import { fillDemo } from '../../apps/api/src/demo.ts'
import { startApp } from '../support/app.ts'
import { Client, type Json } from '../support/client.ts'

/* What the pages of the documentation show works as it stands, on the demo tenant. */

const app = await startApp()
afterAll(() => app.close())

const { body: tenant } = await app.operator.post('/v1/tenants', { id: demoTenant, name: 'Demo', slug: 'demo' })
const client = new Client(app.url, { 'x-api-key': tenant['api_key'] as string, 'x-tenant-id': demoTenant })
await openContext(null, () => fillDemo(app.app))

/** The blocks of a page in a language, '' for those without one. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(`docs/${page}`, 'utf8')
  return [...text.matchAll(/^```(\w*)\n(.*?)^```/gms)].flatMap(([, named, block = '']) =>
    named === language ? [block] : [],
  )
}

test('the filter and the order of the page on filters find people', async () => {
  const [call = ''] = blocks('filters.md', 'sh')
  const path = /"\$URL(.+?)"/.exec(call)?.[1] ?? ''
  const parameters = Object.fromEntries(
    [...call.matchAll(/--data-urlencode '(\w+)=(.+?)'/g)].map(([, name = '', value = '']) => [name, value]),
  )
  expect(Object.keys(parameters)).toEqual(['filter', 'sort'])
  const { status, body } = await client.get(`${path}?${new URLSearchParams(parameters)}`)
  expect([status, body]).toEqual([200, expect.objectContaining({ has_more: false })])
})

test('the refusal on the page on filters is the answer to a field that is misspelt', async () => {
  const [shown = ''] = blocks('filters.md', 'json')
  const { code, message, details } = JSON.parse(shown) as Json
  const { status, body } = await client.get(`/v1/identities?filter=${encodeURIComponent('nme eq "x"')}`)
  expect([status, body]).toEqual([400, { code, message, details: { ...details, expected: expect.any(Array) } }])
})

test("the code on the page on SailPoint lists profiles with SailPoint's own client", async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined)
  const { body: made } = await client.post('/v1/oauth-clients', { name: 'page' })
  const [code = ''] = blocks('sailpoint.md', 'js')
  const ours = code
    .replace(/^import .+\n/, '')
    .replaceAll('http://127.0.0.1:3000', app.url)
    .replace(/clientId: '…'/, `clientId: '${made['client_id']}'`)
    .replace(/clientSecret: '…'/, `clientSecret: '${made['client_secret']}'`)
    .replace('name sw "Database"', 'name sw "Looking"')
  const run = new Function(
    'AccessProfilesApi, Configuration, Paginator',
    `return (async () => { ${ours}\n return data })()`,
  ) as (...names: unknown[]) => Promise<Json[]>
  expect(await run(AccessProfilesApi, Configuration, Paginator)).toMatchObject([{ name: 'Looking at production' }])
})

test('the schema and the question on the page on policies are taken', async () => {
  const [schema] = blocks('policies.md', '')
  const saved = await client.put('/v1/policies/schema', { schema })
  expect([saved.status, saved.text]).toEqual([200, expect.anything()])
  const [question = ''] = blocks('policies.md', 'json')
  await client.post('/v1/groups', { name: 'on-call' })
  const { status, body } = await client.post('/v1/policies/evaluate', JSON.parse(question))
  expect([status, body['decision']]).toEqual([200, expect.stringMatching(/^(?:allow|deny)$/)])
})

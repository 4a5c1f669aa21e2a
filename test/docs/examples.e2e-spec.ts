import { forTenant, openContext, TokenService } from '#platform'
import { fillDemo } from '../../apps/api/src/demo.ts'
import { demoPerson, demoScopes, demoTenant } from '../../apps/api/src/demo-data.ts'
import { merged, operationsOf, readDocuments, type Operation } from '../every-route/operations.ts'
import { Schemas } from '../every-route/schemas.ts'
import { refusal, rows } from '../every-route/suite.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { Client, type Json } from '../support/client.ts'

const app = await startApp()
afterAll(() => app.close())

const apis = await readDocuments(app)
const operations = operationsOf(app, apis)
const schemas = new Schemas(merged(apis), { closed: false })
const clients = await startDemo(app)

const untried: string[] = []

/** By an example of another API. */
const deleted = new Set<string>()

// What makes objects first, what deletes last: there is something for the others to be tried on. A PUT renames.
const order = ['PUT', 'POST', 'GET', 'PATCH', 'DELETE']
const inOrder = operations.toSorted((a, b) => order.indexOf(a.method) - order.indexOf(b.method) || last(a) - last(b))

test.each(rows(inOrder))('the example of %s works when tried against the demo tenant', async (_, operation) => {
  const path = await pathOf(operation)
  if (path === null) return void untried.push(operation.operationId)
  const query = operation.parameters.filter((parameter) => parameter.in === 'query' && 'example' in parameter.schema)
  const search = new URLSearchParams(
    query.map(({ name, schema }) => [name, String(schema['example'])] as [string, string]),
  )
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const body = media && tried(media.schema['example'] ?? schemas.resolve(media.schema)['example'], type)
  const answer = await clientFor(operation).send(
    operation.method,
    `${path}?${search}`.replace(/\?$/, ''),
    body,
    type ? { 'content-type': type } : {},
  )
  // What others still refer to cannot be deleted, and says so.
  const [inUse] = refusal(operation, 'in_use')
  const gone = deleted.has(subject(path)) && answer.status === 404
  // The example of one API takes the name that another's would have.
  const taken =
    operation.method === 'POST' && operation.dialect !== null && answer.text.includes('with this name exists')
  // The object that was found for it, or the version, is one that does not change any more.
  const settled = hasExamples(operation) ? undefined : refusal(operation, 'invalid_state')[0]
  const fine =
    answer.status < 300 ||
    taken ||
    answer.status === settled ||
    (operation.method === 'DELETE' && (answer.status === inUse || gone))
  if (operation.method === 'DELETE' && answer.status < 300) deleted.add(subject(path))
  expect([operation.operationId, fine ? 'works' : answer.text]).toEqual([operation.operationId, 'works'])
})

test('every operation has something to be tried on', () => {
  expect(untried.toSorted()).toEqual(['deletePolicyLink', 'getPolicyLink', 'getTaskStatus', 'redeliverWebhookDelivery'])
})

test('every object of the demo that a path can name has its id as the example', () => {
  // A dialect's objects are ours under other names.
  const ours = operations.filter(({ dialect }) => dialect === null)
  const parameters = ours.flatMap(({ path, parameters: all }) =>
    all.filter((each) => each.in === 'path').map((each) => ({ path, ...each })),
  )
  const without = parameters
    .filter(({ schema }) => !('example' in schema))
    .map(({ path, name }) => path.split('/')[path.split('/').indexOf(`{${name}}`) - 1])
  expect([...new Set(without)].toSorted()).toEqual([
    'access-profile-types',
    'api-keys',
    'audit-log',
    'decisions',
    'deliveries',
    'links',
    'oidc-issuers',
    'rules',
    'tests',
    'versions', // the draft that is changed, published or given up; those of the schema
    'webhooks',
  ])
})

/** A body as it is sent, with the secret that only the first start shows. */
function tried(body: unknown, type: string | undefined): unknown {
  if (type !== 'application/x-www-form-urlencoded') return body
  return new URLSearchParams({ ...(body as Record<string, string>), client_secret: clients.secret }).toString()
}

/** An object of the demo, whichever API speaks of it. */
function subject(path: string): string {
  const [collection = '', id = ''] = path.replaceAll('-', '').split('/').slice(-2)
  return `${collection === 'personalaccesstokens' ? 'oauthclients' : collection}/${id}`
}

/** What would take away what another example needs. */
function last({ operationId, method, path }: Operation): number {
  if (['revokeGrants', 'deleteTenant'].includes(operationId)) return 1
  return method === 'DELETE' ? -path.length : 0
}

/** With the examples of its parameters; where there is none, with the first object of the list that the parameter is of. */
async function pathOf(operation: Operation): Promise<string | null> {
  let path = ''
  for (const part of operation.path.split(/(?=\{)|(?<=\})/)) {
    const id = part.startsWith('{') ? (example(operation, part.slice(1, -1)) ?? (await firstOf(operation, path))) : part
    if (id === undefined) return null
    path += id
  }
  return path
}

function example({ parameters }: Operation, name: string): string | undefined {
  const { example: value } = parameters.find((parameter) => parameter.name === name)?.schema ?? {}
  return value === undefined ? undefined : String(value)
}

function hasExamples({ parameters }: Operation): boolean {
  return parameters.every(({ in: place, schema }) => place !== 'path' || 'example' in schema)
}

async function firstOf(operation: Operation, list: string): Promise<string | undefined> {
  const { body } = await clientFor(operation).get<Json>(list.replace(/\/$/, ''))
  const [first] = (Array.isArray(body) ? body : (body['data'] ?? body['values'] ?? [])) as Json[]
  const id: unknown = first?.['number'] ?? first?.['version_number'] ?? first?.['id']
  return id === undefined ? undefined : String(id)
}

function clientFor({ access }: Operation): Client {
  if (access.kind === 'public') return app.anonymous
  if (access.kind === 'operator') return app.operator
  return access.bearerOnly ? clients.person : clients.machine
}

/** The demo tenant as `npm start` loads it. */
async function startDemo({
  operator,
  app: nest,
  url,
}: TestApp): Promise<{ machine: Client; person: Client; secret: string }> {
  const { body } = await operator.post('/v1/tenants', { id: demoTenant, name: 'Demo', slug: 'demo' })
  const header = { 'x-tenant-id': demoTenant }
  return await openContext(null, async () => {
    const { client_secret: secret } = await fillDemo(nest)
    const token = await forTenant(demoTenant, () =>
      nest.get(TokenService).forPerson(demoTenant, demoPerson, demoScopes),
    )
    return {
      machine: new Client(url, { ...header, 'x-api-key': body['api_key'] as string }),
      person: new Client(url, { ...header, authorization: `Bearer ${token}` }),
      secret,
    }
  })
}

import { forTenant, openContext, TokenService } from '#platform'
import { fillDemo } from '../../apps/api/src/demo.ts'
import { demoPerson, demoScopes, demoTenant } from '../../apps/api/src/demo-data.ts'
import { merged, operationsOf, readDocuments, type Operation } from '../every-route/operations.ts'
import { Schemas } from '../every-route/schemas.ts'
import { refusal, rows } from '../every-route/suite.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { Client } from '../support/client.ts'

const app = await startApp()
afterAll(() => app.close())

const apis = await readDocuments(app)
const operations = operationsOf(app, apis).filter(({ operationId }) => operationId !== 'createToken')
const schemas = new Schemas(merged(apis), { closed: false })
const clients = await startDemo(app)

/** By an example of another API. */
const deleted = new Set<string>()

// What reads first, what deletes last: an example works on the demo as it was loaded.
const order = ['GET', 'PATCH', 'PUT', 'POST', 'DELETE']
const inOrder = operations.toSorted((a, b) => order.indexOf(a.method) - order.indexOf(b.method) || last(a) - last(b))

test.each(rows(inOrder))('the example of %s works when tried against the demo tenant', async (_, operation) => {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => example(operation, name))
  if (path.includes('undefined')) return
  const query = operation.parameters.filter((parameter) => parameter.in === 'query' && 'example' in parameter.schema)
  const search = new URLSearchParams(
    query.map(({ name, schema }) => [name, String(schema['example'])] as [string, string]),
  )
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const body: unknown = media && (media.schema['example'] ?? schemas.resolve(media.schema)['example'])
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
  const fine = answer.status < 300 || taken || (operation.method === 'DELETE' && (answer.status === inUse || gone))
  if (operation.method === 'DELETE' && answer.status < 300) deleted.add(subject(path))
  expect([operation.operationId, fine ? 'works' : answer.text]).toEqual([operation.operationId, 'works'])
})

test('every object of the demo that a path can name has its id as the example', () => {
  // A dialect's objects are ours under other names.
  const ours = operations.filter(({ dialect }) => dialect === null)
  const parameters = ours.flatMap(({ path, parameters: all }) =>
    all.filter((each) => each.in === 'path').map((each) => ({ path, ...each })),
  )
  const without = parameters.filter(({ schema }) => !('example' in schema)).map(({ path }) => path.split('/')[2])
  expect([...new Set(without)].toSorted()).toEqual([
    'access-profile-types',
    'access-profiles', // the draft that is changed, published or given up
    'api-keys',
    'audit-log',
    'oauth-clients',
    'oidc-issuers',
    'policies',
    'webhooks',
  ])
})

/** An object of the demo, whichever API speaks of it. */
function subject(path: string): string {
  return path.split('/').slice(-2).join('/').replaceAll('-', '')
}

/** What would take away what another example needs. */
function last({ operationId, method, path }: Operation): number {
  if (['revokeGrants', 'deleteTenant'].includes(operationId)) return 1
  return method === 'DELETE' ? -path.length : 0
}

function example(operation: Operation, name: string): string {
  return String(operation.parameters.find((parameter) => parameter.name === name)?.schema['example'])
}

function clientFor({ access }: Operation): Client {
  if (access.kind === 'public') return app.anonymous
  if (access.kind === 'operator') return app.operator
  return access.bearerOnly ? clients.person : clients.machine
}

/** The demo tenant as `npm start` loads it. */
async function startDemo({ operator, app: nest, url }: TestApp): Promise<{ machine: Client; person: Client }> {
  const { body } = await operator.post('/v1/tenants', { id: demoTenant, name: 'Demo', slug: 'demo' })
  const header = { 'x-tenant-id': demoTenant }
  return await openContext(null, async () => {
    await fillDemo(nest)
    const token = await forTenant(demoTenant, () =>
      nest.get(TokenService).forPerson(demoTenant, demoPerson, demoScopes),
    )
    return {
      machine: new Client(url, { ...header, 'x-api-key': body['api_key'] as string }),
      person: new Client(url, { ...header, authorization: `Bearer ${token}` }),
    }
  })
}

import pg from 'pg'
import { DomainError, errors, personScopes, parseId, type ErrorCode } from '#kernel'
import { readClientId, TokenService } from '#platform'
import { Client, type Answer, type Json } from '../support/client.ts'
import { startWorld, type TestTenant, type World } from '../support/world.ts'
import { merged, operationsOf, readDocuments, type Api, type Document, type Operation } from './operations.ts'
import { Samples } from './samples.ts'
import { Schemas } from './schemas.ts'

export interface Request {
  readonly path?: string
  readonly query?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  readonly client?: Client
}

/** A server with two tenants, and every operation that it describes. */
export interface Suite {
  readonly world: World
  /** Each document as it is served, and all of them in one. */
  readonly apis: readonly Api[]
  readonly document: Document
  readonly operations: readonly Operation[]
  /** Of requests; `answers` knows no field that is not described. */
  readonly schemas: Schemas
  readonly answers: Schemas
  readonly acme: Samples
  readonly globex: Samples
  /** The client of acme (or of the other tenant) that may send an operation. */
  clientOf(operation: Operation, tenant?: TestTenant): Client
  /** Sends a request and holds its answer against what every answer owes. */
  send(operation: Operation, request?: Request): Promise<Answer<Json>>
  /** What the database holds, in one text: equal before and after means that nothing was written. */
  fingerprint(): Promise<string>
  close(): Promise<void>
}

export async function startSuite(settings: Record<string, string> = {}): Promise<Suite> {
  const world = await startWorld(settings)
  const owner = new pg.Client({ connectionString: world.database.ownerUrl })
  await owner.connect()
  const apis = await readDocuments(world)
  const document = merged(apis)
  const operations = operationsOf(world, apis)
  const [schemas, answers] = [new Schemas(document, { closed: false }), new Schemas(document, { closed: true })]
  const people = new Map([[world.acme, await person(world, world.acme)], [world.globex, await person(world, world.globex)]]) // prettier-ignore
  const clientOf = (operation: Operation, tenant = world.acme): Client => {
    const { access } = operation
    if (access.kind === 'public') return world.anonymous
    if (access.kind === 'operator') return world.operator
    return access.bearerOnly ? (people.get(tenant) as Client) : tenant.admin
  }
  const send = async (operation: Operation, request: Request = {}): Promise<Answer<Json>> => {
    const { path = operation.path, query = '', body, headers = {}, client = clientOf(operation) } = request
    const type: Record<string, string> =
      body === undefined || 'content-type' in headers ? {} : { 'content-type': contentType(operation) }
    const answer = await client.send<Json>(operation.method, path + query, body, { ...type, ...headers })
    const wrong = whatIsWrong(answers, operation, answer)
    if (wrong)
      throw new Error(`${operation.method} ${path}${query}: ${wrong}\n${answer.status} ${answer.text.slice(0, 2000)}`)
    return answer
  }
  return {
    world, apis, document, operations, schemas, answers, clientOf, send,
    acme: new Samples(operations, schemas, clientOf),
    globex: new Samples(operations, schemas, (operation) => clientOf(operation, world.globex)),
    fingerprint: await fingerprintOf(owner),
    close: async () => {
      await owner.end()
      await world.close()
    },
  } // prettier-ignore
}

/** Operations as the rows of test.each. */
export function rows(operations: readonly Operation[]): [name: string, operation: Operation][] {
  return operations.map((operation) => [`${operation.method} ${operation.path}`, operation])
}

/** The content type of the first body that an operation takes. */
export function contentType(operation: Operation): string {
  const types = Object.keys(operation.requestBody?.content ?? {})
  return types.find((type) => type === 'application/json') ?? types[0] ?? 'application/json'
}

/** What an answer says went wrong: its status, and the code or else the members of its body. */
export function said({ status, body }: Answer<Json>): [status: number, word: unknown] {
  return [status, wordOf(body)]
}

/** What an operation says with one of our codes, in its own dialect. */
export function refusal({ dialect, path }: Operation, code: ErrorCode): [status: number, word: unknown] {
  if (!dialect) return [errors[code].status, code]
  const { status, body } = dialect.render(new DomainError(code), { id: '', path, headers: {} })
  return [status, wordOf(body as Json)]
}

function wordOf(body: Json | undefined): unknown {
  return (
    body?.['code'] ??
    Object.keys(body ?? {})
      .toSorted()
      .join(' ')
  )
}

/** An answer without what differs from answer to answer, and without an id, in any form. */
export function saidOf({ status, text }: Answer<unknown>, id: string): [status: number, text: string] {
  const plain = text
    .replaceAll(id, '<id>')
    .replaceAll(parseId(id) ?? readClientId(id)?.id ?? id, '<id>')
    .replaceAll(/"(trackingId|request_id|timestamp)":"[^"]*"/g, '"$1":""')
  return [status, plain]
}

/** Signed in, an administrator of the tenant. */
export async function person(world: World, tenant: TestTenant, name: 'alice' | 'bob' = 'alice'): Promise<Client> {
  await tenant.admin.patch(`/v1/identities/${tenant.people[name]}`, { authorities: ['ORG_ADMIN'] })
  const token = await world.app
    .get(TokenService)
    .forPerson(tenant.id, tenant.people[name], [...personScopes, 'oauth_clients:own', 'identities:public'])
  return new Client(world.url, { authorization: `Bearer ${token}`, 'x-tenant-id': tenant.id })
}

const internals =
  /prisma|postgres|sqlstate|\bpg_|node_modules|\.[tj]s:\d|\bat \w+ \(|select .+ from |insert into|secret_hash|violates|constraint/i

function whatIsWrong(
  answers: Schemas,
  operation: Operation,
  { status, headers, body, text }: Answer<Json>,
): string | null {
  if (!headers.get('x-request-id')) return 'no X-Request-Id'
  if (status >= 500) return 'a failure of the server'
  const declared = operation.responses[status]
  if (!declared) return `the status ${status} is not declared`
  const media = Object.entries(declared.content ?? {})[0]
  if (!media) return text === '' ? null : 'a body where none is declared'
  const [type, { schema }] = media
  if (!headers.get('content-type')?.startsWith(type))
    return `the content type is ${headers.get('content-type')}, not ${type}`
  if (status < 400) return type === 'application/json' ? answers.problem(schema, body) : null
  if (internals.test(text)) return 'the error tells internals'
  if (operation.path.startsWith('/oauth/') || operation.dialect) return answers.problem(schema, body)
  const { code, message } = body as { code: keyof typeof errors; message: string }
  if (errors[code]?.status !== status) return `the code ${code} does not belong to ${status}`
  if (!declared.description.includes(`\`${code}\``)) return `the code ${code} is not declared for ${status}`
  if (message.length < 12) return 'the message says nothing'
  return answers.problem(schema, body)
}

/**
 * Counts rows and sums up their last writers; what a request writes on the side (last_used_at, signing keys, decisions) is left out.
 */
async function fingerprintOf(owner: pg.Client): Promise<() => Promise<string>> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      and relname not in ('_prisma_migrations', 'signing_keys', 'policy_decisions') order by 1`,
  )
  const parts = tables.map(({ name }) => {
    const written = ['api_keys', 'oauth_clients'].includes(name) ? '0' : 'coalesce(sum(xmin::text::bigint), 0)'
    return `select '${name} ' || count(*) || '/' || ${written} as state from ${name}`
  })
  const text = `${parts.join(' union all ')} order by 1`
  return async () => (await owner.query<{ state: string }>(text)).rows.map(({ state }) => state).join('\n')
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import type { Sql } from '#platform'

/*
 * The least that a server can do: the given statement, prepared, its JSON passed through. No credential, no validation,
 * no framework; the tenant is set once on each connection.
 */
export interface BareRequest {
  readonly path: string
  readonly statement: Sql
}

const { DATABASE_URL, POOL_SIZE, TENANT_ID = '', REQUESTS = '[]' } = process.env
const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(POOL_SIZE),
  idleTimeoutMillis: 300_000,
  onConnect: async (client) => void (await client.query(`select set_config('app.tenant_id', $1, false)`, [TENANT_ID])),
})
const statements = new Map((JSON.parse(REQUESTS) as BareRequest[]).map(({ path, statement }) => [path, statement]))

const server = createServer((request, response) => {
  const path = request.url ?? ''
  const statement = statements.get(path)
  if (!statement) return void response.writeHead(404).end()
  pool.query<{ rows: string }>({ name: path, text: statement.text, values: [...statement.values] }).then(
    ({ rows: [row] }) => {
      const body = `{"data":[${row?.rows ?? ''}]}`
      const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }
      response.writeHead(200, headers).end(body)
    },
    (error: unknown) => response.writeHead(500).end(String(error)),
  )
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.on('disconnect', () => process.exit())

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import type { Sql } from '#platform'

/*
 * The least that a server can do: the given statements, prepared, the JSON of the last one passed through. No credential,
 * no validation, no framework; the tenant is set once on each connection.
 */
export interface BareRequest {
  readonly path: string
  readonly statements: readonly Sql[]
}

const { DATABASE_URL, POOL_SIZE, TENANT_ID = '', REQUESTS = '[]' } = process.env
const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(POOL_SIZE),
  idleTimeoutMillis: 300_000,
  onConnect: async (client) => void (await client.query(`select set_config('app.tenant_id', $1, false)`, [TENANT_ID])),
})
const prepared = new Map(
  (JSON.parse(REQUESTS) as BareRequest[]).map(({ path, statements }) => [
    path,
    statements.map(({ text, values }, index) => ({ name: path + index, text, values: [...values] })),
  ]),
)

const server = createServer((request, response) => {
  const statements = prepared.get(request.url ?? '')
  if (!statements) return void response.writeHead(404).end()
  rowsOf(statements).then(
    (rows) => {
      const body = `{"data":[${rows}]}`
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

async function rowsOf(statements: readonly pg.QueryConfig[]): Promise<string> {
  let rows = ''
  for (const statement of statements) rows = (await pool.query<{ rows: string }>(statement)).rows[0]?.rows ?? ''
  return rows
}

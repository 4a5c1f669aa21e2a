import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { TEMPLATE, TEST_POSTGRES_URL } from './test-server.ts'

export interface TestDatabase {
  /** as the superuser */
  readonly ownerUrl: string
  /** as castellan_app, the role the server logs in as */
  readonly appUrl: string
  readonly name: string
}

/** A migrated database of its own, empty; call it once in a spec file's beforeAll. The run's end removes it. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env[TEST_POSTGRES_URL]
  if (!server)
    throw new Error(
      `${TEST_POSTGRES_URL} is not set: test databases are there only while jest runs, by test/support/global-setup.ts`,
    )
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  } finally {
    await client.end()
  }
  return { name, ownerUrl: urlTo(server, name, 'postgres'), appUrl: urlTo(server, name, 'castellan_app') }
}

function urlTo(server: string, database: string, role: string): string {
  const url = new URL(server)
  url.username = role
  url.pathname = `/${database}`
  return url.href
}

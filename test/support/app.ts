import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { Config } from '#platform'
import { createApp } from '../../apps/api/src/server.ts'
import { Client } from './client.ts'
import { testDatabase, type TestDatabase } from './postgres.ts'

export const operatorKey = 'castellan_operator_for_the_tests_only'

/** A server of its own on a free port, over a database of its own (or over another test server's). */
export interface TestApp {
  readonly app: NestFastifyApplication
  readonly url: string
  readonly database: TestDatabase
  /** Without a credential. */
  readonly anonymous: Client
  readonly operator: Client
  /** Runs SQL as the owner of the schema, past row-level security. */
  asOwner<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** Sets the one clock of the installation to so much later (or earlier) than real time, for every process on the database. */
  moveClock(seconds: number): Promise<void>
  close(): Promise<void>
}

export async function startApp(settings: Record<string, string> = {}, shared?: TestDatabase): Promise<TestApp> {
  const database = shared ?? (await testDatabase())
  const config = new Config({
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: database.appUrl,
    DATABASE_POOL_SIZE: '6',
    OPERATOR_API_KEY: operatorKey,
    PUBLIC_URL: 'http://castellan.test',
    LOG_LEVEL: 'silent',
    EXPIRY_INTERVAL_MS: '3600000',
    ...settings,
  })
  const app = await createApp(config, database.appUrl)
  await app.listen(0, '127.0.0.1')
  const { port } = app.getHttpServer().address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const asOwner = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: database.ownerUrl })
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }
  return {
    app,
    url,
    database,
    anonymous: new Client(url),
    operator: new Client(url, { 'x-api-key': operatorKey }),
    asOwner,
    moveClock: async (seconds) => {
      await asOwner(`create or replace function app_now() returns timestamptz language sql stable parallel safe
        as $$ select date_trunc('milliseconds', statement_timestamp() + make_interval(secs => ${Number(seconds)})) $$`)
    },
    close: () => app.close(),
  }
}

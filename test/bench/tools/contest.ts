import { isDeepStrictEqual } from 'node:util'
import { Database, forTenant, openContext, type Sql } from '#platform'
import type { Target } from './benchmark.ts'
import { median, ratio, type Contestant, type Results } from './rounds.ts'

/*
 * A list, through everything that stands before it in castellan, against a server that has none of it and against the usual
 * one: the same for every list that is measured.
 */

export const connections = 16
export const poolSize = '10'
export const operatorKey = 'castellan_operator_for_the_bench_only'
export const columns = ['server', 'requests/s', 'p50 ms', 'p99 ms', 'castellan : it']

const leastOfBare = 0.7
const leastOfPrisma = 3

/** What castellan's process is started with. */
export function settings(database: { readonly appUrl: string; readonly ownerUrl: string }): Record<string, string> {
  return {
    PORT: '0',
    DATABASE_URL: database.appUrl,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    DATABASE_POOL_SIZE: poolSize,
    OPERATOR_API_KEY: operatorKey,
    RATE_LIMIT: '1000000000',
  }
}

export async function newTenant(url: string, slug: string): Promise<{ id: string; api_key: string }> {
  const answer = await fetch(`${url}/v1/tenants`, {
    method: 'POST',
    headers: { 'x-api-key': operatorKey, 'content-type': 'application/json' },
    body: JSON.stringify({ name: slug, slug }),
  })
  if (answer.status !== 201) throw new Error(`POST /v1/tenants: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as { id: string; api_key: string }
}

/** Keeps the statements that it runs. */
class Recorder extends Database {
  readonly statements: Sql[] = []

  override async query<Row>(statement: Sql): Promise<Row[]> {
    this.statements.push(statement)
    return super.query(statement)
  }
}

/** The statements that castellan runs for a list. */
export async function recorded(
  appUrl: string,
  tenantId: string,
  list: (database: Database) => Promise<unknown>,
): Promise<Sql[]> {
  const recorder = new Recorder({ url: appUrl, poolSize: 1 })
  try {
    await inTenant(tenantId, () => list(recorder))
    return recorder.statements
  } finally {
    await recorder.onApplicationShutdown()
  }
}

function inTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
  return openContext(null, () => forTenant(tenantId, work))
}

/** @throws Error when one of the servers answers other than `limit` items, or other ones than the first */
export async function checkSameData(servers: readonly Contestant[], limit: number): Promise<void> {
  const [ours, ...others] = await Promise.all(servers.map((server) => dataOf(server, limit)))
  for (const [index, other] of others.entries()) {
    if (isDeepStrictEqual(other, ours)) continue
    const [theirs, expected] = [other, ours].map((data) => JSON.stringify(data?.[0]).slice(0, 1500))
    throw new Error(`${servers[index + 1]?.name} gives other rows than castellan:\n${theirs}\n${expected}`)
  }
}

async function dataOf({ url, headers }: Contestant, limit: number): Promise<unknown[]> {
  const answer = await fetch(url, { headers })
  const text = await answer.text()
  const body = JSON.parse(text) as unknown[] | { data?: unknown[] }
  const data = Array.isArray(body) ? body : body.data
  if (answer.status !== 200 || data?.length !== limit) throw new Error(`${url}: ${answer.status} ${text.slice(0, 500)}`)
  return data
}

export function figures(results: Results, [ours]: readonly Contestant[], server: Contestant): string[] {
  const rounds = results.get(server) ?? []
  const middle = (of: 'perSecond' | 'p50' | 'p99', digits: number): string =>
    median(rounds.map((round) => round[of])).toFixed(digits)
  const compared = ours && server !== ours ? ratio(results, ours, server).toFixed(2) : ''
  return [middle('perSecond', 0), middle('p50', 1), middle('p99', 1), compared]
}

export function ratioTargets(page: string, results: Results, [ours, bare, usual]: readonly Contestant[]): Target[] {
  const target = (least: number, other: Contestant | undefined): Target[] => {
    if (!ours || !other) return []
    const found = ratio(results, ours, other)
    return [{ text: `${page}: at least ${least} × ${other.name}`, found: found.toFixed(2), met: found >= least }]
  }
  return [...target(leastOfBare, bare), ...target(leastOfPrisma, usual)]
}

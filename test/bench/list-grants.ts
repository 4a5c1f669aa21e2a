import type { Sql } from '#platform'
import { GrantsRepository, type GrantSelection } from '../../libs/grants/src/grants.repository.ts'
import type { BareRequest } from './baselines/bare-http.ts'
import { fillGrants, pageEnd } from './grants-data.ts'
import type { Bench, Benchmark, Section, Target } from './tools/benchmark.ts'
import { LoadGenerator } from './tools/load-generator.ts'
import {
  checkSameData, columns, connections, figures, inTenant, newTenant, poolSize, ratioTargets, Recorder, settings,
} from './tools/contest.ts' // prettier-ignore
import { interleaved, type Contestant } from './tools/rounds.ts'

const grants = 500_000
const limit = 50
const deepPage = 5000
const selection: GrantSelection = { status: 'active' }

const mostMemory = 250

/**
 * One page of a long list, through everything that stands before it (credential, tenant, rate limit, row-level
 * security, validation), against a server that has none of it and against the usual one.
 */
export const listGrants: Benchmark = {
  name: 'list-grants',
  title: `List grants: ${limit} of ${grants.toLocaleString('en')}, status=active, ${connections} connections`,
  run: measure,
}

async function measure(bench: Bench): Promise<Section> {
  const { database, processes, effort, say } = bench
  const api = await processes.server('dist/apps/api/src/main.js', settings(database))
  const tenant = await newTenant(api.url, 'bench')
  say(`filling ${grants.toLocaleString('en')} grants …`)
  await fillGrants(database, tenant.id, grants)

  const end = await pageEnd(database, tenant.id, (deepPage - 1) * limit)
  const first = await listing(tenant.id, undefined)
  const cursor = await cursorBehind(tenant.id, end)
  const deep = await listing(tenant.id, cursor)
  const requests: BareRequest[] = [
    { path: '/first', statement: first },
    { path: '/deep', statement: deep },
  ]
  const shared = { POOL_SIZE: poolSize, TENANT_ID: tenant.id }
  const bare = await processes.server('dist/test/bench/baselines/bare-http.js', {
    ...shared,
    DATABASE_URL: database.appUrl,
    REQUESTS: JSON.stringify(requests),
  })
  const usual = await processes.server('dist/test/bench/baselines/nest-prisma.js', {
    ...shared,
    DATABASE_URL: database.ownerUrl,
  })

  const credential = { 'x-api-key': tenant.api_key, 'x-tenant-id': tenant.id }
  const list = `/v1/grants?status=active&limit=${limit}`
  const contestants = (ours: string, theirs: string, prisma: string): Contestant[] => [
    { name: 'castellan', url: api.url + ours, headers: credential },
    { name: 'node:http, same SQL', url: bare.url + theirs, headers: {} },
    { name: 'Nest + Fastify + Prisma', url: usual.url + prisma, headers: {} },
  ]
  const pages = new Map([
    ['1', contestants(list, '/first', `/grants?limit=${limit}`)],
    [
      deepPage.toLocaleString('en'),
      contestants(
        `${list}&cursor=${cursor}`,
        '/deep',
        `/grants?${new URLSearchParams({ limit: String(limit), ...end })}`,
      ),
    ],
  ])

  const generator = new LoadGenerator(processes)
  const rows: string[][] = []
  const targets: Target[] = []
  for (const [page, servers] of pages) {
    await checkSameData(servers, limit)
    say(`page ${page}: ${effort.rounds} rounds of ${effort.seconds} s …`)
    const results = await interleaved(generator, servers, connections, effort)
    rows.push(...servers.map((server) => [`page ${page}: ${server.name}`, ...figures(results, servers, server)]))
    targets.push(...ratioTargets(`page ${page}`, results, servers))
  }
  const memory = await api.peakMemory()
  targets.push({
    text: `castellan's process stays below ${mostMemory} MB`,
    found: memory === null ? 'unknown' : `${memory.toFixed(0)} MB`,
    met: memory === null || memory < mostMemory,
  })
  return {
    title: listGrants.title,
    columns,
    rows,
    targets,
    notes: [
      `Medians of ${effort.rounds} interleaved rounds of ${effort.seconds} s after a warm-up; a ratio is taken within each round.`,
      'castellan checks the API key in the database, the tenant, the rate limit and the query for each request, under forced row-level security.',
      'node:http runs the very statement of castellan, prepared, on connections that had their tenant set once; nothing else.',
      'Nest + Fastify + Prisma is `findMany` with a hand-written keyset and no checks at all, past row-level security.',
      'All three have a pool of the same size, and gave the same grants before they were measured.',
    ],
  }
}

/** The statement that castellan runs for the page behind the cursor. */
async function listing(tenantId: string, cursor: string | undefined): Promise<Sql> {
  const recorder = new Recorder()
  await inTenant(tenantId, () => new GrantsRepository(recorder).list(selection, { limit, cursor }))
  return recorder.statement
}

/** The cursor that castellan gives on a page that ends there. */
async function cursorBehind(tenantId: string, { created_at, id }: { created_at: string; id: string }): Promise<string> {
  const recorder = new Recorder([asPostgres(created_at), id])
  const page = await inTenant(tenantId, () => new GrantsRepository(recorder).list(selection, { limit }))
  return (JSON.parse(page.text) as { next_cursor: string }).next_cursor
}

/** A time of the wire as PostgreSQL writes it, which is how it stands in a cursor. */
function asPostgres(time: string): string {
  return time.replace('T', ' ').replace('Z', '+00')
}

import type { Sql } from '#platform'
import { GrantsRepository, type GrantSelection } from '../../libs/grants/src/grants.repository.ts'
import type { BareRequest } from './baselines/bare-http.ts'
import { fillGrants } from './grants-data.ts'
import type { Bench, Benchmark, Section, Target } from './tools/benchmark.ts'
import { LoadGenerator } from './tools/load-generator.ts'
import {
  checkSameData, columns, connections, figures, newTenant, poolSize, ratioTargets, recorded, settings,
} from './tools/contest.ts' // prettier-ignore
import { interleaved, type Contestant } from './tools/rounds.ts'

const grants = 500_000
const limit = 50
const deepPage = 5000
const selection: GrantSelection = { status: 'active' }

const mostMemory = 250

interface PageEnd {
  readonly cursor: string
  readonly last: { readonly created_at: string; readonly id: string }
}

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

  const credential = { 'x-api-key': tenant.api_key, 'x-tenant-id': tenant.id }
  const list = `/v1/grants?status=active&limit=${limit}`
  const { cursor, last } = await endOf(deepPage - 1, new URL(api.url + list), credential)
  const requests: BareRequest[] = [
    { path: '/first', statements: await listing(database.appUrl, tenant.id, undefined) },
    { path: '/deep', statements: await listing(database.appUrl, tenant.id, cursor) },
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
        `/grants?${new URLSearchParams({ limit: String(limit), created_at: last.created_at, id: last.id })}`,
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
      `Medians of ${effort.rounds} interleaved rounds of ${effort.seconds} s, after ${effort.warmUpRounds} such rounds of warm-up; a ratio is taken within each round.`,
      'castellan checks the API key in the database, the tenant, the rate limit and the query for each request, under forced row-level security.',
      'node:http runs the very statement of castellan, prepared, on connections that had their tenant set once; nothing else.',
      'Nest + Fastify + Prisma is `findMany` with a hand-written keyset and no checks at all, past row-level security.',
      'All three have a pool of the same size, and gave the same grants before they were measured.',
    ],
  }
}

/** The statement that castellan runs for the page behind the cursor. */
function listing(appUrl: string, tenantId: string, cursor: string | undefined): Promise<Sql[]> {
  return recorded(appUrl, tenantId, (recorder) => new GrantsRepository(recorder).list(selection, { limit, cursor }))
}

/** Where a page of castellan's ends, found by going there. */
async function endOf(page: number, list: URL, headers: Readonly<Record<string, string>>): Promise<PageEnd> {
  let end: PageEnd | undefined
  for (let number = 1; number <= page; number++) {
    const answer = await fetch(list, { headers })
    const { data, next_cursor: cursor } = (await answer.json()) as { data: PageEnd['last'][]; next_cursor: string }
    const last = data.at(-1)
    if (!last) throw new Error(`There is no page ${number}`)
    list.searchParams.set('cursor', cursor)
    end = { cursor, last }
  }
  if (!end) throw new Error('There is no page 0')
  return end
}

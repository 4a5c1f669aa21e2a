import { readFilter, readSort } from '#filter'
import type { OffsetRequest, Sql } from '#platform'
import { AccessProfilesRepository } from '../../libs/access-profiles/src/access-profiles.repository.ts'
import { profileFields, profileView } from '../../libs/sailpoint/src/access-profiles/access-profiles.fields.ts'
import { fillProfiles } from './access-profiles-data.ts'
import type { BareRequest } from './baselines/bare-http.ts'
import type { Bench, Benchmark, Section } from './tools/benchmark.ts'
import {
  checkSameData, columns, connections, figures, newTenant, poolSize, ratioTargets, recorded, settings,
} from './tools/contest.ts' // prettier-ignore
import { LoadGenerator } from './tools/load-generator.ts'
import { interleaved, type Contestant } from './tools/rounds.ts'

const profiles = 20_000
const limit = 50

/** SailPoint's list with a filter and a sorter: names and entitlements of other tables in each of its objects. */
export const listAccessProfiles: Benchmark = {
  name: 'list-access-profiles',
  title: `List access profiles as SailPoint does: ${limit} of ${profiles.toLocaleString('en')}, with filters and sorters, ${connections} connections`,
  run: measure,
}

async function measure({ database, processes, effort, say }: Bench): Promise<Section> {
  const api = await processes.server('dist/apps/api/src/main.js', settings(database))
  const tenant = await newTenant(api.url, 'profiles')
  say(`filling ${profiles.toLocaleString('en')} access profiles …`)
  const source = await fillProfiles(database, tenant.id, profiles)

  const filters = `source.id eq "${source}" and name sw "kubernetes/sig-"`
  const sorters = '-modified,name'
  const statements = await listing(database.appUrl, tenant.id, filters, sorters)
  const requests: BareRequest[] = [{ path: '/list', statements }]
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
  const query = new URLSearchParams({ limit: String(limit), filters, sorters })
  const servers: Contestant[] = [
    { name: 'castellan', url: `${api.url}/v3/access-profiles?${query}`, headers: { 'x-api-key': tenant.api_key } },
    { name: 'node:http, same SQL', url: `${bare.url}/list`, headers: {} },
    {
      name: 'Nest + Fastify + Prisma',
      url: `${usual.url}/access-profiles?limit=${limit}&source=${source}&name=kubernetes/sig-`,
      headers: {},
    },
  ]
  await checkSameData(servers, limit)
  say(`${effort.rounds} rounds of ${effort.seconds} s …`)
  const results = await interleaved(new LoadGenerator(processes), servers, connections, effort)
  return {
    title: listAccessProfiles.title,
    columns,
    rows: servers.map((server) => [server.name, ...figures(results, servers, server)]),
    targets: ratioTargets('the list', results, servers),
    notes: [
      `\`filters=${filters.replace(source, '…')}\`, \`sorters=${sorters}\`: ${profiles / 40} of the profiles fit.`,
      'castellan also parses and binds the filter for each request, and checks an authority.',
      'Nest + Fastify + Prisma is `findMany` with the relations that the answer needs, mapped to the same objects.',
      'Otherwise as for the grants.',
    ],
  }
}

/** The statements that castellan runs for the list. */
function listing(appUrl: string, tenantId: string, filters: string, sorters: string): Promise<Sql[]> {
  const page: OffsetRequest = {
    limit,
    offset: 0,
    count: false,
    filter: readFilter(filters, profileFields, 'sailpoint', 'filters'),
    sort: readSort(sorters, profileFields, 'signed', 'sorters'),
  }
  return recorded(appUrl, tenantId, (recorder) =>
    new AccessProfilesRepository(recorder).listByOffset(page, { sight: null }, profileView),
  )
}

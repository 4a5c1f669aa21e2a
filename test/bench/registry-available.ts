import type { Bench, Benchmark, Section } from './tools/benchmark.ts'
import { newTenant, settings } from './tools/contest.ts'
import { median } from './tools/rounds.ts'

const accounts = 200
const rolesOfAccount = 5
const entitlementsOfProfile = 50
const candidates = accounts * rolesOfAccount
const limit = 250

const mostMs = 150

type Json = Record<string, unknown>
type Page = { profiles: unknown[]; next_page_token: string }

/** What a person may ask for, out of many things: found in the database, seen through segments, decided by policies. */
export const registryAvailable: Benchmark = {
  name: 'registry-available',
  title: `What a person may ask for: ${limit} of ${candidates.toLocaleString('en')} candidates, one request at a time`,
  run: measure,
}

async function measure({ database, processes, effort, say }: Bench): Promise<Section> {
  const { url } = await processes.server('dist/apps/api/src/main.js', settings(database))
  const tenant = await newTenant(url, 'registry')
  const key = { 'x-api-key': tenant.api_key, 'x-tenant-id': tenant.id }
  say(`importing ${candidates.toLocaleString('en')} entitlements …`)
  const lines = [...organization()].map((line) => JSON.stringify(line)).join('\n')
  await send(`${url}/v1/imports`, { ...key, 'content-type': 'application/x-ndjson' }, lines)
  await sendJson(`${url}/v1/policies`, key, {
    name: 'Everybody',
    max_duration_seconds: 28_800,
    cedar_policy_set: policy,
  })
  const person = { authorization: `Bearer ${await tokenOf('ada', url, key)}`, 'x-tenant-id': tenant.id }

  const pages: number[] = []
  const lists: number[] = []
  say(`${effort.rounds * 4} lists …`)
  for (let round = -effort.rounds; round < effort.rounds * 4; round++) {
    const times = await listTimes(url, person)
    if (round < 0) continue
    pages.push(...times.slice(0, -1))
    lists.push(times.reduce((sum, each) => sum + each, 0))
  }
  const [page, list] = [median(pages), median(lists)]
  return {
    title: registryAvailable.title,
    columns: ['what', 'ms'],
    rows: [
      [`a page of ${limit}`, page.toFixed(0)],
      [`all of them, in ${Math.ceil(candidates / limit)} pages`, list.toFixed(0)],
    ],
    targets: [
      {
        text: `a list of ${candidates.toLocaleString('en')} candidates within ${mostMs} ms`,
        found: `${page.toFixed(0)} ms`,
        met: page <= mostMs,
      },
    ],
    notes: [
      `Medians of ${effort.rounds * 4} lists over HTTP after a warm-up; nothing is kept from one request to the next.`,
      `${accounts} accounts with the same ${rolesOfAccount} permission sets, in access profiles of ${entitlementsOfProfile}; one rule lets everybody ask, one approves at once on one account.`,
    ],
  }
}

const account = (index: number): string => String(100_000_000_000 + index)

const policy = `permit (principal, action == Action::"request_access", resource);
  permit (principal, action == Action::"auto_approve", resource in AwsAccount::"${account(1)}");`

/** The lines of an import. */
function* organization(): Generator<Json> {
  yield { type: 'identity', external_id: 'ada', name: 'Ada', email: 'ada@bench.example' }
  const named = Array.from({ length: accounts }, (_, index) => ({ id: account(index), name: `account-${index}` }))
  const aws = { sso_start_url: 'https://bench.awsapps.com/start', sso_region: 'eu-central-1', accounts: named }
  yield { type: 'source', external_id: 'aws', name: 'AWS', connector: 'aws', aws }
  const names: string[] = []
  for (const { id } of named)
    for (let role = 0; role < rolesOfAccount; role++) {
      const arn = `arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-${String(role).padStart(16, '0')}`
      names.push(`${id}/${role}`)
      yield {
        type: 'entitlement',
        external_id: `${id}/${role}`,
        source: 'aws',
        name: `Role${role}`,
        action: 'assume',
        resource: { type: 'aws_permission_set', id: arn },
        attributes: { account_id: id },
      }
    }
  for (let start = 0; start < names.length; start += entitlementsOfProfile)
    yield {
      type: 'access_profile',
      external_id: `profile-${start}`,
      name: `Profile ${start}`,
      owner: 'ada',
      source: 'aws',
      enabled: true,
      requestable: true,
      entitlements: names.slice(start, start + entitlementsOfProfile),
    }
}

/** A token of the person, by a client of theirs. */
async function tokenOf(externalId: string, url: string, key: Record<string, string>): Promise<string> {
  const found = await send(`${url}/v1/identities?external_id=${externalId}`, key)
  const [person] = found['data'] as { id: string }[]
  const client = await sendJson(`${url}/v1/oauth-clients`, key, {
    name: 'bench',
    identity_id: person?.id,
    scopes: ['registry:read'],
  })
  const { client_id, client_secret } = client
  return String(
    (await sendJson(`${url}/oauth/token`, {}, { grant_type: 'client_credentials', client_id, client_secret }))[
      'access_token'
    ],
  )
}

/** The milliseconds that each page of the whole list took. */
async function listTimes(url: string, headers: Record<string, string>): Promise<number[]> {
  const times: number[] = []
  let [found, token] = [0, '']
  do {
    const query = new URLSearchParams({
      status: 'available',
      limit: String(limit),
      ...(token && { page_token: token }),
    })
    const start = performance.now()
    const page = (await send(`${url}/v1/registry/profiles?${query}`, headers)) as unknown as Page
    times.push(performance.now() - start)
    found += page.profiles.length
    token = page.next_page_token
  } while (token !== '')
  if (found !== candidates) throw new Error(`${found} of ${candidates} profiles`)
  return times
}

function sendJson(url: string, headers: Record<string, string>, body: Json): Promise<Json> {
  return send(url, { ...headers, 'content-type': 'application/json' }, JSON.stringify(body))
}

async function send(url: string, headers: Record<string, string>, body?: string): Promise<Json> {
  const answer = await fetch(url, { headers, ...(body !== undefined && { method: 'POST', body }) })
  const text = await answer.text()
  if (answer.status >= 300) throw new Error(`${url}: ${answer.status} ${text}`)
  return JSON.parse(text) as Json
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settings } from '#platform'
import type { Json } from './support/client.ts'
import { eventually } from './support/world.ts'

/* The built server and command line as processes, and every command of the README. */

const main = join(process.cwd(), 'dist/apps/api/src/main.js')
const cli = join(process.cwd(), 'dist/apps/cli/src/main.js')
// Without the section on policies, which test/docs tries out.
const readme = readFileSync('README.md', 'utf8').replace(/<!-- policies -->[^]*<!-- \/policies -->/, '')

let folder: string
let server: Started

beforeAll(async () => {
  // Does nothing when dist/ is of these sources: `npm test` has built it, `npm test -- test/start` has not.
  expect(spawnSync(process.execPath, ['apps/cli/prepare.mjs', 'build'], { stdio: 'inherit' }).status).toBe(0)
  folder = await mkdtemp(join(tmpdir(), 'castellan-start-'))
  await chmod(folder, 0o711)
  server = await start()
}, 180_000)

afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Started {
  readonly child: ChildProcess
  readonly lines: readonly string[]
  readonly url: string
  /** SIGTERM, and the exit status. */
  stop(): Promise<number | null>
}

function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...inherited } = process.env
  return { ...inherited, NODE_ENV: 'development', DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'warn' }
}

async function start(): Promise<Started> {
  const child = spawn(process.execPath, [main], { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  let errors = ''
  child.stderr?.on('data', (data: Buffer) => (errors += data.toString()))
  let rest = ''
  child.stdout?.on('data', (data: Buffer) => {
    const parts = (rest + data.toString()).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const ready = eventually(async () => {
    if (child.exitCode !== null) throw new Error(`exited ${child.exitCode}: ${errors}`)
    expect(lines.at(-1)).toMatch(/^castellan ready http:/)
  }, 120_000)
  await ready.catch((error: unknown) => {
    child.kill('SIGTERM')
    throw error
  })
  const url = lines.at(-1)?.replace('castellan ready ', '') ?? ''
  return {
    child,
    lines,
    url,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/** What a `curl` of ours asks, without curl. */
async function curl(command: string): Promise<{ status: number; body: Json }> {
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )
  const after = (flag: string): string[] => words.flatMap((word, index) => (words[index - 1] === flag ? [word] : []))
  const headers = after('--header').map((header) => header.split(/:\s*/, 2) as [string, string])
  const [body] = after('--data')
  const url = new URL(words.find((word) => /^https?:/.test(word)) ?? '')
  for (const parameter of after('--data-urlencode')) {
    const [name = '', value = ''] = parameter.split(/=(.*)/s)
    url.searchParams.append(name, value)
  }
  const response = await fetch(url, {
    method: after('--request')[0] ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    },
    ...(body !== undefined && { body }),
  })
  return { status: response.status, body: (await response.json()) as Json }
}

function castellan(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [cli, ...args], { env: environment(), encoding: 'utf8', timeout: 60_000 })
}

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  )
}

const commandsOf = (block: string): string[] =>
  block
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
const printed = (what: string): string =>
  server.lines.find((line) => line.startsWith(`${what} `))?.slice(what.length + 1) ?? ''

/** The shape of a JSON value: its keys and types, arrays by their first element. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shape(each)]))
}

test('the first start prints the demo tenant, its credentials and a call for each seed endpoint, and the calls work', async () => {
  expect(printed('demo tenant')).toBe('2489e9ad-2ee2-8e00-8ec9-32d5f69181c0')
  const calls = server.lines.filter((line) => line.startsWith('curl '))
  expect(calls).toHaveLength(6)
  const [grants, registry, profiles, profile, veza, token] = await Promise.all(calls.map(curl))
  expect(grants?.status).toBe(200)
  expect(grants?.body['data'].length).toBeGreaterThan(5)
  expect(registry?.status).toBe(200)
  expect(registry?.body['profiles'].length).toBeGreaterThan(1)
  expect(profiles?.body).toMatchObject([{ owner: { type: 'IDENTITY' }, source: { type: 'SOURCE' } }, {}, {}])
  expect(profile?.body).toMatchObject({ enabled: true, entitlements: [{ type: 'ENTITLEMENT' }, {}] })
  expect(veza?.body).toMatchObject({ values: [{ current_version: { state: 'PUBLISHED' } }, {}, {}], has_more: false })
  expect(token?.body).toMatchObject({ token_type: 'bearer', identity_id: '019a0000-0000-7000-8000-000000000001' })
})

test('the demo has a dozen people, two AWS accounts, grants in each status and a policy', async () => {
  const headers = { 'x-api-key': printed('demo key'), 'x-tenant-id': printed('demo tenant') }
  const get = async (path: string): Promise<Json> =>
    (await fetch(server.url + path, { headers })).json() as Promise<Json>
  expect((await get('/v1/identities'))['data']).toHaveLength(12)
  expect((await get('/v1/sources'))['data'][0].aws.accounts).toHaveLength(2)
  expect((await get('/v1/policies'))['data']).toMatchObject([{ enabled: true, rule_count: 3 }])
  for (const status of ['active', 'expired', 'revoked']) {
    expect((await get(`/v1/grants?status=${status}`))['data'].length).toBeGreaterThan(0)
  }
})

test('the calls of the README work as they stand, and answer in the shape it shows', async () => {
  const calls = blocks('sh')
    .flatMap(commandsOf)
    .filter((line) => line.startsWith('curl '))
  const shown = blocks('json').map((block) => (block.trim().includes('}\n{') ? null : (JSON.parse(block) as Json)))
  expect(calls).toHaveLength(6)
  for (const [index, call] of calls.entries()) {
    const ours = call
      .replace('http://127.0.0.1:3000', server.url)
      .replace('$KEY', printed('demo key'))
      .replace('$TOKEN', printed('demo token'))
    const { status, body } = await curl(ours)
    expect([200, 201]).toContain(status)
    if (index < 2) expect(shape(body)).toEqual(shape(shown[index]))
  }
})

test('the command lines of the README work as they stand, beside the running server', async () => {
  const lines = blocks('json').find((block) => block.includes('"type": "identity"')) ?? ''
  const file = join(folder, 'directory.ndjson')
  await writeFile(file, lines)
  const commands = blocks('sh')
    .flatMap(commandsOf)
    .filter((line) => line.startsWith('npm run castellan -- ') && !line.includes('module new'))
  expect(commands.length).toBeGreaterThanOrEqual(4)
  for (const command of commands) {
    const args = command.replace('npm run castellan -- ', '').replace('directory.ndjson', file).split(' ')
    const { status, stdout, stderr } = castellan(...args)
    expect(`${command}: ${status} ${stderr}`).toBe(`${command}: 0 `)
    expect(stdout).not.toBe('')
  }
  const again = castellan('import', file, '--tenant', 'acme')
  expect(JSON.parse(again.stdout)).toMatchObject({ total: { created: 0, updated: 0, unchanged: 4, failed: 0 } })
}, 120_000)

test('the command line names what is wrong in one line and fails', () => {
  for (const args of [
    ['import', 'nowhere.ndjson', '--tenant', 'demo'],
    ['key', 'create', '--tenant', 'nobody', '--name', 'x'],
    ['nonsense'],
    ['config', 'PORT'],
    ['tenant', 'create', 'No Slug'],
  ]) {
    const { status, stdout, stderr } = castellan(...args)
    expect(status).not.toBe(0)
    expect((stderr + stdout).trim()).not.toBe('')
    expect(stderr).not.toContain('    at ')
  }
}, 180_000)

test('the README lists every setting with its default and its meaning', () => {
  const rows = Object.entries(settings).map(([name, row]) => ({ name, default: row.default, meaning: row.meaning }))
  const table = readme.split('<!-- settings -->')[1]?.split('<!-- /settings -->')[0] ?? ''
  const listed = [...table.matchAll(/^\| `(\w+)`\s*\|\s*(?:`([^`]*)`)?\s*\| (.*?)\s*\|$/gm)].map(
    ([, name, value, meaning]) => ({ name, default: value ?? '', meaning }),
  )
  expect(listed).toEqual(rows)
})

test('a second process on the same data is refused with one line', async () => {
  const { status, stderr } = spawnSync(process.execPath, [main], {
    env: environment(),
    encoding: 'utf8',
    timeout: 90_000,
  })
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain('in use')
}, 120_000)

test.each([
  [{ PORT: 'abc' }, 'PORT'],
  [{ NODE_ENV: 'production' }, 'OPERATOR_API_KEY'],
  [{ NODE_ENV: 'production', OPERATOR_API_KEY: 'x'.repeat(32) }, 'PUBLIC_URL'],
  [{ OPERATOR_API_KEY: 'short' }, 'OPERATOR_API_KEY'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
])('a setting that cannot be right stops the start with one line that names it: %j', (wrong, name) => {
  const { status, stderr } = spawnSync(process.execPath, [main], {
    env: { ...environment(), ...wrong },
    encoding: 'utf8',
    timeout: 90_000,
  })
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain(name)
})

test('SIGTERM finishes the requests under way, exits with 0, and the next start has the same data and key', async () => {
  const key = printed('demo key')
  const headers = { 'x-api-key': key, 'x-tenant-id': printed('demo tenant') }
  const underWay = request(`${server.url}/v1/imports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson', expect: '100-continue' },
  })
  const answered = new Promise<number | undefined>((resolve, reject) => {
    underWay.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode)))
    underWay.on('error', reject)
  })
  await new Promise((resolve) => underWay.on('continue', resolve).flushHeaders())
  const stopped = server.stop()
  await eventually(() => expect(fetch(`${server.url}/healthz`)).rejects.toThrow())
  underWay.end('{"type":"identity","external_id":"last","name":"The last one"}\n')
  expect(await answered).toBe(200)
  expect(await stopped).toBe(0)
  server = await start()
  expect(printed('demo key')).toBe(key)
  const found = await fetch(`${server.url}/v1/identities?external_id=last`, { headers })
  expect(((await found.json()) as Json)['data']).toHaveLength(1)
}, 180_000)

test('after kill -9 the next start recovers the database with everything that was answered', async () => {
  const headers = {
    'x-api-key': printed('demo key'),
    'x-tenant-id': printed('demo tenant'),
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ name: 'remember me' })
  const made = (await (await fetch(`${server.url}/v1/identities`, { method: 'POST', headers, body })).json()) as Json
  const gone = new Promise((resolve) => server.child.on('exit', resolve))
  server.child.kill('SIGKILL')
  await gone
  server = await start()
  expect(server.lines.some((line) => line.startsWith('recovered'))).toBe(true)
  const found = await fetch(`${server.url}/v1/identities/${made['id']}`, { headers })
  expect(found.status).toBe(200)
}, 180_000)

test('once the demo tenant is deleted, the next start prints no credentials and does not make it again', async () => {
  const { status } = await fetch(`${server.url}/v1/tenants/${printed('demo tenant')}`, {
    method: 'DELETE',
    headers: { 'x-api-key': printed('operator key') },
  })
  expect(status).toBe(204)
  await server.stop()
  server = await start()
  expect(server.lines.filter((line) => /^(?:demo|curl) /.test(line))).toEqual([])
}, 180_000)

import { jest } from '@jest/globals'
import fc from 'fast-check'
import { once } from 'node:events'
import { readdir, readlink } from 'node:fs/promises'
import { request, type IncomingMessage } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Database } from '#platform'
import { ImportRepository } from '../libs/directory/src/import/import.repository.ts'
import { startApp, type TestApp } from './support/app.ts'
import type { Answer, Client, Json } from './support/client.ts'
import { eventually, newTenant, startWorld, type TestTenant, type World } from './support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ MAX_IMPORT_BYTES: String(16 * 1024 * 1024) })
})
afterAll(() => world.close())

const ndjson = { 'content-type': 'application/x-ndjson' }
const person = (name: string, more: Json = {}): Json => ({ type: 'identity', external_id: name, name, ...more })

function send(client: Client, lines: readonly (Json | string)[], query = ''): Promise<Answer<Json>> {
  const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  return client.post(`/v1/imports${query}`, Buffer.from(body), ndjson)
}

/** Imports and expects no failure. */
async function stored(client: Client, lines: readonly Json[]): Promise<Json> {
  const { status, body } = await send(client, lines)
  expect([status, body['failures']]).toEqual([200, []])
  return body
}

let tenants = 0
const freshTenant = (): Promise<TestTenant> => newTenant(world, `import-${++tenants}`)

async function all(client: Client, path: string): Promise<Json[]> {
  const found: Json[] = []
  let cursor = ''
  do {
    const { body } = await client.get(`${path}?limit=250${cursor}`)
    found.push(...(body['data'] as Json[]))
    cursor = body['next_cursor'] === null ? '' : `&cursor=${body['next_cursor']}`
  } while (cursor !== '')
  return found.filter(({ external_id }) => external_id !== null)
}

/** The tenant's directory with external ids in the place of ids. */
async function directory({ admin }: TestTenant): Promise<Json> {
  const kinds = ['identities', 'sources', 'groups', 'entitlements', 'segments']
  const objects = await Promise.all(kinds.map((kind) => all(admin, `/v1/${kind}`)))
  const names = new Map(objects.flat().map((object) => [object['id'] as string, object['external_id'] as string]))
  const named = (object: Json): Json => {
    const { id: _, version: _v, created_at: _c, updated_at: _u, ...fields } = object
    return Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [
        field,
        field.endsWith('_id') ? (names.get(value as string) ?? (value as string)) : value,
      ]),
    )
  }
  const members = await Promise.all(
    (objects[2] ?? []).map(async ({ id, external_id }) => [
      external_id,
      (await all(admin, `/v1/groups/${id}/members`)).map((each) => each['external_id'] as string).sort(),
    ]),
  )
  const sorted = objects.map((each) =>
    each.map(named).sort((a, b) => (String(a['external_id']) < String(b['external_id']) ? -1 : 1)),
  )
  return { objects: sorted, members: Object.fromEntries(members) as Json }
}

async function auditEntries(tenantId: string): Promise<number> {
  const [row] = await world.asOwner<{ n: string }>('select count(*) as n from audit_log where tenant_id = $1', [
    tenantId,
  ])
  return Number(row?.n)
}

describe('an import', () => {
  it('creates, changes and leaves alone; the second time nothing changes', async () => {
    const tenant = await freshTenant()
    const lines = [
      person('ada', { manager: 'charles', email: 'ada@example.com', attributes: { n: 1.5, zero: -0 } }),
      person('charles'),
      { type: 'source', external_id: 'aws', name: 'AWS', connector: 'aws', owner: 'ada' },
      { type: 'group', external_id: 'engines', name: 'Engines', members: ['charles', 'ada', 'ada'] },
      { type: 'segment', external_id: 'engineering', name: 'Engineering', owner: 'ada' },
      {
        type: 'entitlement', external_id: 'admin', source: 'aws', name: 'Admin', action: 'assume',
        resource: { type: 'aws_account', id: '123456789012' },
      },
    ] // prettier-ignore
    const first = await stored(tenant.admin, lines)
    expect(first).toMatchObject({
      stored: true,
      lines: 6,
      total: { created: 6, updated: 0, unchanged: 0, deferred: 0, failed: 0 },
    })
    const entries = await auditEntries(tenant.id)
    const before = await all(tenant.admin, '/v1/identities')

    expect(await stored(tenant.admin, lines)).toMatchObject({
      total: { created: 0, updated: 0, unchanged: 6, failed: 0 },
    })
    expect([await auditEntries(tenant.id), await all(tenant.admin, '/v1/identities')]).toEqual([entries, before])

    const changed = await stored(tenant.admin, [
      person('ada', { manager: null }),
      { type: 'group', external_id: 'engines', name: 'Engines', members: ['ada'] },
      { type: 'segment', external_id: 'engineering', name: 'Engineering', active: true },
    ])
    expect(changed).toMatchObject({ total: { created: 0, updated: 3, unchanged: 0, failed: 0 } })
    expect(await directory(tenant)).toMatchObject({
      objects: [
        [{ external_id: 'ada', manager_id: null, email: 'ada@example.com' }, { external_id: 'charles' }],
        [{ owner_id: 'ada' }],
        [{ external_id: 'engines' }],
        [{ source_id: 'aws' }],
        [{ owner_id: 'ada', active: true }],
      ],
      members: { engines: ['ada'] },
    })
    expect((await tenant.admin.get('/v1/audit-log/verification')).body).toMatchObject({ valid: true })
  })

  it('keeps the id that a line has, with or without dashes', async () => {
    const id = '2c9180a4-6d1e-4b5e-016d-1e1f2a3b4c5d'
    const { admin } = await freshTenant()
    await stored(admin, [person('ada', { id: id.replaceAll('-', '').toUpperCase() })])
    expect((await admin.get(`/v1/identities/${id}`)).body).toMatchObject({ external_id: 'ada' })
    expect(await stored(admin, [person('ada', { id })])).toMatchObject({ total: { unchanged: 1 } })
    const { body } = await send(admin, [
      person('charles', { id }),
      person('ada', { id: '2c9180a4-6d1e-4b5e-016d-1e1f2a3b4c5e' }),
    ])
    expect(body['failures']).toEqual([
      {
        line: 1,
        type: 'identity',
        external_id: 'charles',
        code: 'already_exists',
        message: expect.stringContaining('id') as string,
      },
      {
        line: 2,
        type: 'identity',
        external_id: 'ada',
        code: 'already_exists',
        message: expect.stringContaining(id) as string,
      },
    ])
  })

  it('takes two tenants with the same external ids and ids for strangers', async () => {
    const [one, two] = [await freshTenant(), await freshTenant()]
    const lines = [person('ada', { id: '2c9180a4-6d1e-4b5e-016d-000000000001', manager: 'charles' }), person('charles')]
    await stored(one.admin, lines)
    expect((await send(two.admin, [lines[0] as Json])).body).toMatchObject({ total: { failed: 1 } })
    await stored(two.admin, lines)
    await stored(two.admin, [person('ada', { name: 'Another Ada' })])
    expect(await directory(one)).toMatchObject({ objects: [[{ name: 'ada' }, { name: 'charles' }], [], [], [], []] })
    expect(await directory(two)).toMatchObject({
      objects: [[{ name: 'Another Ada' }, { name: 'charles' }], [], [], [], []],
    })
  })

  it('of nothing stores nothing', async () => {
    const { admin } = await freshTenant()
    for (const text of ['', '\n\r\n  \n']) {
      expect((await send(admin, [text])).body).toMatchObject({ stored: true, lines: 0, counts: {}, failures: [] })
    }
  })

  it('stores managers before their reports, however deep and in whatever order', async () => {
    const { admin } = await freshTenant()
    const chain = Array.from({ length: 700 }, (_, n) => person(`p${n}`, { manager: n === 699 ? null : `p${n + 1}` }))
    expect(await stored(admin, chain)).toMatchObject({ total: { created: 700 } })
    const turned = chain.map((line, n) => ({ ...line, manager: n === 0 ? null : `p${n - 1}` })).toReversed()
    expect(await stored(admin, turned)).toMatchObject({ total: { updated: 700 } })
    expect(await stored(admin, turned)).toMatchObject({ total: { unchanged: 700 } })
  }, 180_000)

  it('reports a circle of managers and stores the rest', async () => {
    const tenant = await freshTenant()
    const { body } = await send(tenant.admin, [
      person('a', { manager: 'b' }),
      person('b', { manager: 'a' }),
      person('c', { manager: 'c' }),
      person('d', { manager: 'a' }),
      person('e'),
    ])
    expect(body).toMatchObject({ total: { created: 1, failed: 4 } })
    await stored(tenant.admin, [person('a', { manager: 'e' }), person('b', { manager: 'a' })])
    const closed = await send(tenant.admin, [person('e', { manager: 'b' }), person('f', { manager: 'e' })])
    expect(closed.body).toMatchObject({ total: { created: 1, failed: 1 }, failures: [{ line: 1, external_id: 'e' }] })
  })

  it('gives the same directory in any order of lines, and once is twice', async () => {
    const people = fc
      .integer({ min: 1, max: 8 })
      .chain((size) =>
        fc.tuple(...Array.from({ length: size }, (_, n) => fc.option(fc.nat(Math.max(0, n - 1)), { nil: null }))),
      )
    const arbitrary = people.chain((managers) => {
      const who = fc.nat(managers.length - 1).map((n) => `p${n}`)
      return fc.record({
        identities: fc.constant(managers.map((manager, n) => person(`p${n}`, { manager: n === 0 || manager === null ? null : `p${manager}` }))),
        sources: fc.array(fc.option(who), { maxLength: 3 }).map((owners) => owners.map((owner, n): Json => ({ type: 'source', external_id: `s${n}`, name: `s${n}`, connector: 'x', owner }))),
        groups: fc.array(fc.array(who), { maxLength: 3 }).map((groups) => groups.map((members, n): Json => ({ type: 'group', external_id: `g${n}`, name: `g${n}`, members }))),
        entitlements: fc.nat(3).map((count) => Array.from({ length: count }, (_, n): Json => ({ type: 'entitlement', external_id: `e${n}`, source: 's0', name: `e${n}` }))),
      })
    }) // prettier-ignore
    const files = arbitrary.chain(({ identities, sources, groups, entitlements }) => {
      const lines = [...identities, ...sources, ...groups, ...(sources.length > 0 ? entitlements : [])]
      const shuffled = fc.shuffledSubarray(lines, { minLength: lines.length })
      return fc.tuple(shuffled, shuffled)
    })
    await fc.assert(
      fc.asyncProperty(files, async ([one, other]) => {
        const [here, there] = [await freshTenant(), await freshTenant()]
        await stored(here.admin, one)
        await stored(there.admin, other)
        expect(await directory(there)).toEqual(await directory(here))
        const entries = await auditEntries(here.id)
        expect(await stored(here.admin, other)).toMatchObject({
          total: { created: 0, updated: 0, unchanged: one.length },
        })
        expect(await auditEntries(here.id)).toBe(entries)
      }),
      { numRuns: 12 },
    )
  }, 120_000)
})

describe('a bad line', () => {
  it.each<[string, string | Json]>([
    ['no JSON', '{"type":"identity"'],
    ['not an object', '["identity"]'],
    ['nothing but a text', '"identity"'],
    ['no type', { external_id: 'x', name: 'x' }],
    ['an unknown type', { type: 'tenant', external_id: 'x', name: 'x' }],
    ['a type that is a name of every object', { type: 'constructor', external_id: 'x', name: 'x' }],
    ['no external id', { type: 'identity', name: 'x' }],
    ['a number as a name', person('x', { name: 7 })],
    ['a number as an external id', { type: 'identity', external_id: 7, name: 'x' }],
    ['an unknown field', person('x', { colour: 'red' })],
    ['a field that the server sets', person('x', { tenant_id: '2489e9ad-2ee2-8e00-8ec9-32d5f69181c0' })],
    ['an id that is no uuid', person('x', { id: 'x' })],
    ['an unknown manager', person('x', { manager: 'nobody' })],
    ['the id of a manager', person('x', { manager_id: '2489e9ad-2ee2-8e00-8ec9-32d5f69181c0' })],
    ['an unknown member', { type: 'group', external_id: 'x', name: 'x', members: ['first', 'nobody'] }],
    ['a member that is a number', { type: 'group', external_id: 'x', name: 'x', members: [1] }],
    ['an unknown owner', { type: 'source', external_id: 'x', name: 'x', connector: 'aws', owner: 'nobody' }],
    ['an unknown source', { type: 'entitlement', external_id: 'x', name: 'x', source: 'nobody' }],
    ['no source', { type: 'entitlement', external_id: 'x', name: 'x' }],
    [
      'a resource that does not fit',
      {
        type: 'entitlement',
        external_id: 'x',
        name: 'x',
        source: 'aws',
        action: 'a',
        resource: { type: 'aws_account', id: '1' },
      },
    ],
    ['NUL', '{"type":"identity","external_id":"x","name":"a\\u0000b"}'],
    ['half of a surrogate pair', '{"type":"identity","external_id":"x","name":"\\ud800"}'],
    ['control characters', person('x', { name: 'a\u0007b' })],
    ['__proto__', '{"type":"identity","external_id":"x","name":"x","__proto__":{"admin":true}}'],
    [
      '__proto__ in attributes',
      '{"type":"identity","external_id":"x","name":"x","attributes":{"__proto__":{"admin":true}}}',
    ],
    [
      'too much depth',
      `{"type":"identity","external_id":"x","name":"x","attributes":{"a":${'['.repeat(100)}${']'.repeat(100)}}}`,
    ],
    [
      'a whole number beyond 2^53',
      '{"type":"identity","external_id":"x","name":"x","attributes":{"n":9007199254740993}}',
    ],
    ['a number beyond the double', '{"type":"identity","external_id":"x","name":"x","attributes":{"n":1e999}}'],
    ['ten million bytes', `{"type":"identity","external_id":"x","name":"${'x'.repeat(10_000_000)}"}`],
    ['attributes beyond 64 KiB', person('x', { attributes: { a: 'x'.repeat(70_000) } })],
    ['the name of another group', { type: 'group', external_id: 'x', name: 'first' }],
  ])('with %s is reported by its number, and the others are stored', async (_, line) => {
    const { admin } = await freshTenant()
    const good = [
      person('first'),
      { type: 'source', external_id: 'aws', name: 'aws', connector: 'aws' },
      { type: 'group', external_id: 'first', name: 'first' },
    ]
    const { status, body } = await send(admin, [...good, line, person('last')])
    expect([status, body['failures']]).toEqual([
      200,
      [expect.objectContaining({ line: 4, message: expect.any(String) as string })],
    ])
    expect(body).toMatchObject({ stored: true, lines: 5, total: { created: 4, failed: 1 } })
    expect((await all(admin, '/v1/identities')).map(({ name }) => name as string).sort()).toEqual(['first', 'last'])
  })

  it('in another encoding is reported; byte order marks, carriage returns and empty lines do no harm', async () => {
    const { admin } = await freshTenant()
    const body = Buffer.concat([
      Buffer.from(`\ufeff${JSON.stringify(person('one'))}\r\n\r\n`),
      Buffer.from('{"type":"identity","external_id":"x","name":"Zo\xeb"}\r\n', 'latin1'),
      Buffer.from(JSON.stringify(person('two'))),
    ])
    const answer = await admin.post('/v1/imports', body, ndjson)
    expect(answer.body).toMatchObject({
      lines: 3,
      total: { created: 2, failed: 1 },
      failures: [{ line: 3, type: null, code: 'invalid_body' }],
    })
  })

  it('is the second one with the same type and external id', async () => {
    const { admin } = await freshTenant()
    const { body } = await send(admin, [person('ada', { name: 'First' }), person('ada', { name: 'Second' })])
    expect(body).toMatchObject({
      total: { created: 1, failed: 1 },
      failures: [{ line: 2, external_id: 'ada', code: 'already_exists' }],
    })
    expect(await all(admin, '/v1/identities')).toMatchObject([{ name: 'First' }])
  })

  it('is counted, also when there are more of them than are listed', async () => {
    const { admin } = await freshTenant()
    const { body } = await send(
      admin,
      Array.from({ length: 1200 }, () => 'x'),
    )
    expect([body['total'], (body['failures'] as unknown[]).length]).toEqual([
      { created: 0, updated: 0, unchanged: 0, deferred: 0, failed: 1200 },
      1000,
    ])
  })
})

describe('an atomic import', () => {
  it('stores nothing when a line fails, and says which', async () => {
    const tenant = await freshTenant()
    const entries = await auditEntries(tenant.id)
    const lines = [
      person('ada'),
      person('charles', { manager: 'nobody' }),
      { type: 'group', external_id: 'a', name: 'x' },
      { type: 'group', external_id: 'b', name: 'x' },
    ]
    const { status, body } = await send(tenant.admin, lines, '?atomic=true')
    expect([status, body]).toMatchObject([
      400,
      {
        code: 'invalid_body',
        details: { stored: false, total: { failed: 2 }, failures: [{ line: 2 }, { line: 4, code: 'already_exists' }] },
      },
    ])
    expect([await all(tenant.admin, '/v1/identities'), await auditEntries(tenant.id)]).toEqual([[], entries])
  })

  it('stores everything when none does', async () => {
    const { admin } = await freshTenant()
    const lines = [person('ada', { manager: 'charles' }), person('charles')]
    expect((await send(admin, lines, '?atomic=true')).body).toMatchObject({ stored: true, total: { created: 2 } })
    expect((await send(admin, lines, '?atomic=true')).body).toMatchObject({ stored: true, total: { unchanged: 2 } })
    expect((await send(admin, lines, '?atomic=perhaps')).body).toMatchObject({ code: 'invalid_parameter' })
  })

  it('that meets another one of the same file finds everything stored, or hears of a write conflict', async () => {
    const { admin } = await freshTenant()
    const people = Array.from({ length: 600 }, (_, n) => person(`p${n}`, { id: uuid(n) }))
    const groups = Array.from({ length: 600 }, (_, n) => ({ type: 'group', external_id: `g${n}`, name: `g${n}` }))
    const files = [[...people, ...groups], [...groups, ...people].toReversed(), [...people, ...groups]]
    const answers = await Promise.all(files.map((lines) => send(admin, lines, '?atomic=true')))
    for (const { status, body } of answers) {
      if (status === 200) expect(body).toMatchObject({ stored: true, total: { failed: 0 } })
      else expect([status, body]).toMatchObject([409, { code: 'write_conflict', message: /import again/ }])
    }
    expect(answers.filter(({ body }) => (body['total'] as Json | undefined)?.['created'] === 1200)).toHaveLength(1)
  }, 180_000)
})

describe('lines that cannot be stored', () => {
  it('with ids that others have are refused line by line, in a few statements', async () => {
    const { admin } = await freshTenant()
    const lines = (type: string, of: string): Json[] =>
      Array.from({ length: 500 }, (_, n) => ({ type, external_id: `${of}${n}`, name: `${of}${n}`, id: uuid(n % 250) }))
    for (const type of ['identity', 'group', 'segment']) {
      const first = await send(admin, lines(type, 'a'))
      expect(first.body['counts']).toEqual({
        [type]: { created: 250, updated: 0, unchanged: 0, deferred: 0, failed: 250 },
      })
      const count = await statements(async () => {
        const { body } = await send(admin, [...lines(type, 'b'), { type, external_id: 'last', name: 'last' }])
        expect(body).toMatchObject({ total: { created: 1, failed: 500 } })
        const failures = body['failures'] as Json[]
        expect(new Set(failures.map(({ code, message }) => `${code} ${message.slice(0, 3)}`))).toEqual(
          new Set(['already_exists id:']),
        )
      })
      expect(count).toBeLessThan(50)
    }
  }, 180_000)

  it('with one name for all are refused line by line in a few statements, and the first one is stored', async () => {
    const { admin } = await freshTenant()
    for (const more of [{ type: 'group' }, { type: 'segment' }, { type: 'source', connector: 'x' }]) {
      const lines = Array.from({ length: 1300 }, (_, n) => ({ ...more, external_id: `x${n}`, name: 'one' }))
      const count = await statements(async () => {
        const { body } = await send(admin, lines)
        expect(body).toMatchObject({ total: { created: 1, failed: 1299 } })
        expect((body['failures'] as Json[])[0]).toMatchObject({ line: 2, code: 'already_exists' })
      })
      expect(count).toBeLessThan(50)
    }
  }, 180_000)

  it('with the id of a grant that stands already are refused line by line in a few statements', async () => {
    const { admin } = await freshTenant()
    const grant = (n: number): Json => ({
      type: 'grant', external_id: `x${n}`, id: uuid(0), grantee_id: 'ada', action: 'read',
      resource: { type: 'aws_s3_bucket', id: `bucket-${n}` }, granted_at: '2026-01-01T00:00:00Z',
    }) // prettier-ignore
    await stored(admin, [person('ada'), grant(0)])
    const count = await statements(async () => {
      const { body } = await send(
        admin,
        Array.from({ length: 1000 }, (_, n) => grant(n + 1)),
      )
      expect(body).toMatchObject({ total: { created: 0, failed: 1000 } })
      expect(new Set((body['failures'] as Json[]).map(({ code }) => code as string))).toEqual(
        new Set(['already_exists']),
      )
    })
    expect(count).toBeLessThan(50)
  }, 180_000)

  it('do not hold up names that go from one object to the next, in whatever order', async () => {
    const { admin } = await freshTenant()
    const groups = (from: number, count: number): Json[] =>
      Array.from({ length: count }, (_, n) => ({ type: 'group', external_id: `g${n}`, name: `n${n + from}` }))
    await stored(admin, groups(0, 1200))
    expect(await stored(admin, groups(1, 1200))).toMatchObject({ total: { updated: 1200 } })
    expect(await stored(admin, groups(2, 1200).toReversed())).toMatchObject({ total: { updated: 1200 } })
    const freed = [...groups(3, 1200), { type: 'group', external_id: 'new', name: 'n2' }]
    expect(await stored(admin, freed.toReversed())).toMatchObject({ total: { created: 1, updated: 1200 } })
    expect(await stored(admin, freed)).toMatchObject({ total: { unchanged: 1201 } })
  }, 180_000)

  it('do not keep objects from exchanging their names, however far apart in the file', async () => {
    const { admin } = await freshTenant()
    const group = (external_id: string, name: string): Json => ({ type: 'group', external_id, name })
    const others = (word: string): Json[] => Array.from({ length: 600 }, (_, n) => group(`o${n}`, `${word} ${n}`))
    const names = async (): Promise<string> =>
      (await all(admin, '/v1/groups'))
        .flatMap(({ external_id, name }) => (String(external_id).startsWith('g') ? [`${external_id}=${name}`] : []))
        .toSorted()
        .join(' ')
    await stored(admin, [group('g1', 'A'), group('g2', 'B'), group('g3', 'C'), group('g4', 'D'), ...others('o')])
    await stored(admin, [group('g1', 'B'), group('g2', 'A')])
    expect(await names()).toBe('g1=B g2=A g3=C g4=D')
    expect((await send(admin, [group('g1', 'A'), group('g2', 'C'), group('g3', 'B')], '?atomic=true')).status).toBe(200)
    expect(await names()).toBe('g1=A g2=C g3=B g4=D')
    await stored(admin, [group('g1', 'C'), ...others('p'), group('g2', 'A')])
    expect(await names()).toBe('g1=C g2=A g3=B g4=D')
    const bad = await send(admin, [group('g1', 'A'), group('g2', 'D'), group('g3', 'C')])
    expect(bad.body).toMatchObject({ failures: [1, 2, 3].map((line) => ({ line, code: 'already_exists' })) })
    expect(await names()).toBe('g1=C g2=A g3=B g4=D')
  }, 180_000)

  it('are those that close a circle of managers, however large, and no others', async () => {
    const { admin } = await freshTenant()
    const size = 3000
    const people = (manager: (n: number) => string | null): Json[] =>
      Array.from({ length: size }, (_, n) => person(`p${n}`, { manager: manager(n) }))
    await stored(
      admin,
      people(() => null),
    )
    const { body } = await send(
      admin,
      people((n) => `p${(n + 1) % size}`),
    )
    expect(body).toMatchObject({
      total: { updated: size - 1, failed: 1 },
      failures: [{ line: size, external_id: `p${size - 1}`, code: 'invalid_body' }],
    })
    const turned = people((n) => (n === 0 ? null : `p${n - 1}`))
    expect(await stored(admin, turned.toReversed())).toMatchObject({ total: { updated: size } })
    const joined = [person('p0', { manager: 'new' }), person('new', { manager: 'p5' })]
    expect((await send(admin, joined)).body).toMatchObject({
      total: { created: 1, failed: 1 },
      failures: [{ line: 1 }],
    })
  }, 180_000)
})

describe('what is not an import', () => {
  it('is refused: another content type, another encoding, another scope', async () => {
    const { admin, as } = world.acme
    expect((await admin.post('/v1/imports', person('x'))).body).toMatchObject({ code: 'unsupported_media_type' })
    expect((await admin.send('POST', '/v1/imports')).status).toBe(415)
    expect((await admin.post('/v1/imports', Buffer.from('x'), { ...ndjson, 'content-encoding': 'gzip' })).status).toBe(
      415,
    )
    expect((await admin.post('/v1/identities', Buffer.from('{}'), ndjson)).status).toBe(415)
    expect((await (await as('alice')).post('/v1/imports', Buffer.from('{}'), ndjson)).status).toBe(403)
    expect(
      (await world.anonymous.with({ 'x-tenant-id': world.acme.id }).post('/v1/imports', Buffer.from('{}'), ndjson))
        .status,
    ).toBe(401)
  })

  it('is refused when it is too large, announced or not', async () => {
    const { admin } = world.acme
    const large = Buffer.alloc(17 * 1024 * 1024, `${'x'.repeat(1023)}\n`)
    expect((await admin.post('/v1/imports', large, ndjson)).body).toMatchObject({ code: 'payload_too_large' })
    const unannounced = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(large.subarray(0, 1024 * 1024))),
    })
    const init = { method: 'POST', headers: { ...admin.headers, ...ndjson }, body: unannounced, duplex: 'half' }
    const status = await fetch(`${world.url}/v1/imports`, init as RequestInit).then(
      (answer) => answer.status,
      () => 'closed',
    )
    expect([413, 'closed']).toContain(status)
    await eventually(async () => expect(await openSpools()).toBe(0))
  })
})

describe('an import that is sent slowly', () => {
  let slow: TestApp
  let headers: Record<string, string>

  beforeAll(async () => {
    slow = await startApp({ REQUEST_TIMEOUT_MS: '1000' }, world.database)
    headers = { ...world.acme.admin.headers, ...ndjson }
  })
  afterAll(() => slow.close())

  /** Sends a line each time, so long after the one before; the status, the code and how long it took. */
  async function drip(
    path: string,
    pauses: readonly number[],
    more: Record<string, string> = {},
  ): Promise<[number, string]> {
    const sent = request(`${slow.url}${path}`, { method: 'POST', headers: { ...headers, ...more } })
    sent.flushHeaders()
    const answered = new Promise<[number, string]>((resolve, reject) => {
      sent.on('error', reject)
      sent.on('response', (answer) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
        answer.on('end', () => resolve([answer.statusCode ?? 0, text]))
      })
    })
    let over = false
    answered.finally(() => (over = true)).catch(() => undefined)
    for (const [n, pause] of pauses.entries()) {
      await new Promise((resolve) => setTimeout(resolve, pause))
      if (!over) sent.write(`${JSON.stringify(person(`slow-${n}`))}\n`)
    }
    if (pauses.length > 0) sent.end()
    return answered
  }

  it('may take longer than other requests, as long as something comes', async () => {
    const [status, text] = await drip('/v1/imports', Array(6).fill(400) as number[])
    expect([status, JSON.parse(text)]).toMatchObject([200, { lines: 6, total: { failed: 0 } }])
  })

  it('is cut off with 408 when nothing comes for the time of a request, as any other request is after it', async () => {
    const json = { 'content-type': 'application/json', 'content-length': '10000' }
    const answers = await Promise.all([
      drip('/v1/imports', []),
      drip('/v1/identities', [], json),
      drip('/v1/identities', Array(6).fill(400) as number[], json),
    ])
    for (const [status, text] of answers)
      expect([status, text]).toEqual([408, expect.stringContaining('request_timeout')])
    await eventually(async () => expect(await openSpools()).toBe(0))
  })
})

describe('an import that breaks off', () => {
  it('while it is sent stores nothing and leaves nothing behind', async () => {
    const tenant = await freshTenant()
    const sent = request(`${world.url}/v1/imports`, { method: 'POST', headers: { ...tenant.admin.headers, ...ndjson } })
    const closed = new Promise((resolve) => sent.on('error', resolve))
    sent.write(`${JSON.stringify(person('ada'))}\n`)
    await eventually(async () => expect(await openSpools()).toBe(1))
    sent.destroy()
    await closed
    await eventually(async () => expect(await openSpools()).toBe(0))
    expect(await all(tenant.admin, '/v1/identities')).toEqual([])
  })

  it('while it is stored keeps whole batches, and the next one completes it', async () => {
    const tenant = await freshTenant()
    const lines = Array.from({ length: 6000 }, (_, n) => person(`p${n}`))
    const answer = send(tenant.admin, lines)
    await eventually(async () => {
      const [row] = await world.asOwner<{ n: string }>('select count(*) as n from identities where tenant_id = $1', [
        tenant.id,
      ])
      expect(Number(row?.n)).toBeGreaterThan(500)
    })
    // Until it hits a connection that is storing a batch: one that rests is replaced.
    const ended = answer.then(() => true)
    do {
      await world.asOwner(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'castellan' and datname = current_database()`)
    } while (!(await Promise.race([ended, nextTurn(false)])))
    expect((await answer).status).toBe(503)
    const [row] = await world.asOwner<{ n: string; audited: string }>(
      `select (select count(*) from identities where tenant_id = $1 and external_id is not null) as n,
        (select count(*) from audit_log where tenant_id = $1 and metadata->>'import' = 'true') as audited`,
      [tenant.id],
    )
    expect([Number(row?.n) % 500, row?.audited]).toEqual([0, row?.n])
    const again = await eventually(() => stored(tenant.admin, lines))
    expect(again).toMatchObject({ total: { created: 6000 - Number(row?.n), unchanged: Number(row?.n) } })
  }, 180_000)

  it.each([
    ['with the batch that it is at', '', 500],
    ['with nothing stored when it is atomic', '?atomic=true', 0],
  ])('since its client goes away ends %s', async (_ends, query, kept) => {
    const tenant = await freshTenant()
    const lines = Array.from({ length: 1200 }, (_, n) => JSON.stringify(person(`p${n}`))).join('\n')
    const arrived = once(world.app.getHttpServer(), 'request') as Promise<[IncomingMessage]>
    const imports = world.app.get(ImportRepository)
    const batch = imports.batch.bind(imports)
    const batches = jest.spyOn(imports, 'batch').mockImplementation(async (work) => {
      const answer = await batch(work)
      const [{ socket }] = await arrived
      sent.destroy()
      if (!socket.closed) await once(socket, 'close')
      return answer
    })
    const headers = { ...tenant.admin.headers, ...ndjson }
    const sent = request(`${world.url}/v1/imports${query}`, { method: 'POST', headers })
    sent.on('error', () => undefined).end(lines)
    await eventually(async () => expect(batches).toHaveBeenCalled())
    await eventually(async () => expect(await openSpools()).toBe(0))
    expect(batches).toHaveBeenCalledTimes(1)
    batches.mockRestore()
    expect(await all(tenant.admin, '/v1/identities')).toHaveLength(kept)
  })

  it('and two of the same file at once make each object once', async () => {
    const { admin } = await freshTenant()
    const lines = Array.from({ length: 1500 }, (_, n) => person(`p${n}`, { manager: n === 0 ? null : `p${n >> 1}` }))
    const answers = await Promise.all([send(admin, lines), send(admin, lines)])
    const total = (field: string): number =>
      answers.reduce((sum, { body }) => sum + ((body['total'] as Json)[field] as number), 0)
    expect(answers.flatMap(({ body }) => (body['failures'] as Json[]).slice(0, 3))).toEqual([])
    expect([total('created'), total('unchanged'), total('failed')]).toEqual([1500, 1500, 0])
  }, 180_000)
})

const uuid = (n: number): string => `2c9180a4-6d1e-4b5e-016d-${String(n).padStart(12, '0')}`

/** How many statements the work needs. */
async function statements(work: () => Promise<void>): Promise<number> {
  const query = jest.spyOn(world.app.get(Database), 'query')
  try {
    await work()
    return query.mock.calls.length
  } finally {
    query.mockRestore()
  }
}

/** Files of imports that this process, which is also the server, holds open. */
async function openSpools(): Promise<number> {
  const files = await readdir('/proc/self/fd')
  const targets = await Promise.all(files.map((file) => readlink(`/proc/self/fd/${file}`).catch(() => '')))
  return targets.filter((target) => target.includes('castellan-import-')).length
}

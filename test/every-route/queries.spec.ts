import { isDeepStrictEqual } from 'node:util'
import type { Answer, Json } from '../support/client.ts'
import { filledPath } from './filled.ts'
import type { Operation, Parameter } from './operations.ts'
import { refusal, rows, said, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { world, operations, schemas, send, fingerprint } = suite
const cursors = ['cursor', 'page_token']
const sizes = ['limit', 'page_size']
/** What a cursor is not good or bad for: pages, what changes no list, and what is refused for another reason. */
const unbound = new Set([
  'offset', 'count', 'defaultFilter', 'segmented-for-identity', 'owner-id', 'entity_extra_info', 'include_requestable',
]) // prettier-ignore
const lists = operations.filter(({ parameters }) => parameters.some(({ name }) => sizes.includes(name)))
const strict = operations.filter(({ access }) => access.kind !== 'public')

describe.each(rows(lists))('%s', (_, operation) => {
  test.each([
    '0',
    '251',
    '-1',
    '1e2',
    '1.5',
    'abc',
    '',
    '%20',
    '٣',
    '0x10',
    '99999999999999999999',
    '50&SIZE=50',
    '50&SIZE=0',
  ])('with a page of the size %s is 400', async (size) => {
    if (isTaken(operation, size)) return
    const { name } = sizeOf(operation)
    const query = `?${name}=${size.replace('SIZE', name)}`
    const answer = await send(operation, { path: await path(operation), query })
    expect(said(answer)).toEqual(refusal(operation, 'invalid_parameter'))
    expect(answer.text).toContain(name)
  })

  test.each(['minimum', 'maximum'])('takes a page of the %s size', async (bound) => {
    const { name, schema } = sizeOf(operation)
    const query = `?${name}=${schema[bound] as number}`
    expect((await send(operation, { path: await path(operation), query })).status).toBe(200)
  })

  test('refuses a cursor that was altered, cut, made up, or made for another query, list or tenant', async () => {
    const [name, size] = [cursorName(operation), sizeOf(operation).name]
    const { at, cursor } = await cursorOf(operation)
    const ask = async (query: string, more = {}): Promise<unknown> => {
      const answer = await send(operation, { path: at, query, ...more })
      return answer.status === 200 ? 200 : said(answer)
    }
    const invalid = refusal(operation, 'invalid_cursor')
    expect(await ask(`?${size}=1&${name}=${cursor}`)).toBe(200)

    const middle = Math.floor(cursor.length / 2)
    const swapped = cursor.slice(0, middle) + (cursor[middle] === 'A' ? 'B' : 'A') + cursor.slice(middle + 1)
    for (const altered of [
      swapped,
      cursor.slice(0, -2),
      `${cursor}AA`,
      `${cursor}=`,
      'AAAA',
      Buffer.from('["1"]').toString('base64url'),
    ]) {
      expect([altered, await ask(`?${name}=${altered}`)]).toEqual([altered, invalid])
    }
    for (const filter of filtersOf(operation)) {
      expect([filter, await ask(`?${name}=${cursor}&${filter}`)]).toEqual([filter, invalid])
    }
    if (operation.access.kind !== 'tenant' || operation.path.includes('{')) return
    expect(await ask(`?${name}=${cursor}`, { client: suite.clientOf(operation, world.globex) })).toEqual(invalid)
  })
})

test('a cursor of one list is refused by every other', async () => {
  const open = lists.filter(({ path: pattern }) => !pattern.includes('{'))
  for (const operation of open) {
    const { cursor } = await cursorOf(operation)
    for (const other of open.filter((each) => each !== operation)) {
      const answer = await send(other, { query: `?${cursorName(other)}=${cursor}` })
      expect([operation.path, other.path, ...said(answer)]).toEqual([
        operation.path,
        other.path,
        ...refusal(other, 'invalid_cursor'),
      ])
    }
  }
})

describe.each(rows(operations.filter(({ parameters }) => queried({ parameters }).length > 0)))('%s', (_, operation) => {
  test('refuses each parameter that is wrong, by its name, and one that is sent twice', async () => {
    const [at, body] = [await path(operation), await suite.acme.body(operation)]
    const wrong: string[] = []
    for (const { name, schema } of queried(operation)) {
      const candidates = ['x', '', '42', 'null', 'true', 'x'.repeat((schema['maxLength'] ?? 0) + 1)]
      const refused = candidates.filter(
        (text) =>
          ![text, Number(text)].some((value) => schemas.fits(schema, value)) &&
          !(text === 'true' && schema['type'] === 'boolean'),
      )
      const hostile = ['%00', '%07', 'a%0Ab', '%C2%85'].filter(() => schema['type'] === 'string')
      const good = String(
        schema['example'] ?? schema['enum']?.[0] ?? (schema['format'] === 'uuid' ? world.acme.id : '1'),
      )
      const twice = `${encodeURIComponent(good)}&${name}=${encodeURIComponent(good)}`
      for (const text of [...refused, ...hostile, twice, `x&${name}[]=y`]) {
        const answer = await send(operation, { path: at, body, query: `?${name}=${text}` })
        if (!isRefused(operation, answer, name) || !answer.text.includes(name))
          wrong.push(`${name}=${text.slice(0, 40)}: ${answer.status} ${answer.text.slice(0, 120)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

test.each(rows(strict))(
  '%s refuses a query parameter that it does not know, by its name, and does nothing',
  async (_, operation) => {
    const [at, body] = [await path(operation), await suite.acme.body(operation)]
    const before = await fingerprint()
    for (const query of ['?surprise=1', '?__proto__=1', '?tenant_id=1', '?LIMIT=1', '?filter[x]=1']) {
      const answer = await send(operation, { path: at, body, query })
      expect([query, ...said(answer)]).toEqual([query, ...refusal(operation, 'invalid_parameter')])
      expect(answer.text).toContain(query.slice(1, query.indexOf('=')))
    }
    expect(await fingerprint()).toBe(before)
  },
)

test.each(rows(operations))('%s answers an address that is not well-formed in its own shape', async (_, operation) => {
  const { status } = await send(operation, { path: `${operation.path.replaceAll(/\{\w+\}/g, 'x')}%zz` })
  expect(status).toBe(400)
})

function path(operation: Operation): Promise<string> {
  return suite.acme.path(operation)
}

function queried({ parameters }: Pick<Operation, 'parameters'>): Parameter[] {
  return parameters.filter(({ in: place, name }) => place === 'query' && ![...sizes, ...cursors].includes(name))
}

function isRefused(operation: Operation, answer: Answer<Json>, name: string): boolean {
  const codes = name.startsWith('filter')
    ? (['invalid_parameter', 'invalid_filter'] as const)
    : (['invalid_parameter'] as const)
  return codes.some((code) => isDeepStrictEqual(said(answer), refusal(operation, code)))
}

/** Whether a page of the operation may have this size. */
function isTaken(operation: Operation, size: string): boolean {
  const { minimum, maximum } = sizeOf(operation).schema
  return /^\d{1,9}$/.test(size) && Number(size) >= minimum && Number(size) <= maximum
}

function sizeOf({ operationId, parameters }: Operation): Parameter {
  const size = parameters.find(({ name }) => sizes.includes(name))
  if (!size) throw new Error(`${operationId} has no size of a page`)
  return size
}

function cursorName(operation: Operation): string {
  const name = operation.parameters.find((parameter) => cursors.includes(parameter.name))?.name
  if (!name) throw new Error(`${operation.operationId} has pages and no cursor`)
  return name
}

/** Each filter alone, with a value that its schema takes. */
function filtersOf(operation: Operation): string[] {
  const binding = queried(operation).filter(({ name }) => !unbound.has(name))
  return binding.flatMap(({ name, schema }) => {
    const value = [
      ...((schema['enum'] as string[]) ?? []).toReversed(),
      schema['example'],
      world.acme.id,
      '2030-01-01T00:00:00Z',
    ].find((each) => each !== undefined && schemas.fits(schema, each))
    return value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`]
  })
}

/** The cursor of a page of one, from a list that holds at least two. */
async function cursorOf(operation: Operation): Promise<{ at: string; cursor: string }> {
  const at = await filledPath(suite, operation)
  const { body, headers } = await send(operation, { path: at, query: `?${sizeOf(operation).name}=1` })
  const cursor = (headers.get('x-next-cursor') ?? body['next_cursor'] ?? body['next_page_token']) as string | null
  if (!cursor) throw new Error(`${operation.operationId} has no second page: say in filled.ts how its list is filled`)
  return { at, cursor }
}

import type { Json } from '../support/client.ts'
import { filledPath } from './filled.ts'
import type { Operation } from './operations.ts'
import { rows, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { operations, send } = suite
const lists = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'filter'))

interface DocumentedField {
  readonly name: string
  readonly operators: readonly string[]
  /** The only values there are; empty for any. */
  readonly values: readonly string[]
}

describe.each(rows(lists))('%s', (_, operation) => {
  test.each([
    ['nothing at all', '', 'syntax', 0],
    ['a field that it does not have', 'created_at pr and nonsense eq "x"', 'unknown_field', 18],
    ['no operator', 'id "x"', 'syntax', 3],
    ['an operator that the field does not take', 'id co "x"', 'unsupported_operator', 3],
    ['a value of another type', 'created_at eq 5', 'invalid_value', 14],
    ['an open parenthesis', '(id pr', 'syntax', 6],
    ['SQL', `id pr) or 1=1 --`, 'syntax', 5],
    ['a NUL', 'id eq "a\\u0000"', 'invalid_value', 6],
    ['a control character', 'id eq "\u0007"', 'syntax', 7],
    ['too much', `id eq "${'x'.repeat(8200)}"`, 'too_long', 8192],
    ['too many terms', Array.from({ length: 101 }, () => 'id pr').join(' or '), 'too_many_terms', 900],
    ['too many levels', `${'('.repeat(33)}id pr${')'.repeat(33)}`, 'too_deep', 32],
  ])('refuses a filter with %s, and tells where', async (_reason, written, reason, place) => {
    const key = keyOf(operation)
    const filter = written.replaceAll(/\bid\b/g, key)
    const before = reason === 'too_long' ? 0 : [...written.slice(0, place).matchAll(/\bid\b/g)].length
    const offset = place + before * (key.length - 'id'.length)
    const { status, body } = await ask(operation, { filter })
    expect([status, body['code'], body['details']]).toEqual([
      400,
      'invalid_filter',
      { parameter: 'filter', offset, reason, expected: expect.any(Array) },
    ])
  })

  test('refuses bytes that are no text in a filter, and never fails on them', async () => {
    for (const bytes of ['%ff', '%c0%80', '%ed%a0%80', 'id%20eq%20%22%ff%22', '%f0%9f%a6%8a', '%00', '\u{1f98a}'])
      expect((await send(operation, { path: await path(operation), query: `?filter=${bytes}` })).status).toBeLessThan(
        500,
      )
  })

  test('takes every operator that is documented for a field, and refuses the others by name', async () => {
    const wrong: string[] = []
    for (const field of documentedFields(operation)) {
      const value = await valueFor(operation, field)
      for (const operator of ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr']) {
        const filter = `${field.name} ${operator}${operator === 'pr' ? '' : ` ${value}`}`
        const { status, body } = await ask(operation, { filter, limit: '1' })
        const reason = (body['details'] as Json | undefined)?.['reason']
        const fits = field.operators.includes(operator) ? status === 200 : reason === 'unsupported_operator'
        if (!fits) wrong.push(`${filter}: ${status} ${JSON.stringify(body)}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('answers the same rows in pages of one as in one page, in every order that is documented', async () => {
    const at = await filledPath(suite, operation)
    const fields = documentedOrders(operation)
    const orders = fields.flatMap((name, index) => [name, `-${name}`, `${name},-${fields[index - 1] ?? 'created_at'}`])
    for (const sort of orders.filter(
      (each) => new Set(each.replaceAll('-', '').split(',')).size === each.split(',').length,
    )) {
      const whole = await rowsOf(operation, at, sort, '250')
      expect(whole.length).toBeGreaterThan(1)
      expect([sort, await rowsOf(operation, at, sort, '1')]).toEqual([sort, whole])
    }
  })

  test('refuses an order by what it does not know, and names what it knows', async () => {
    for (const sort of [
      'nonsense',
      '',
      ',',
      'created_at,',
      '--created_at',
      'created_at,-created_at',
      'created_at desc',
    ]) {
      const { status, body } = await ask(operation, { sort })
      const { parameter, allowed } = body['details'] as Json
      expect([sort, status, body['code'], parameter, allowed]).toEqual([
        sort,
        400,
        'invalid_parameter',
        'sort',
        documentedOrders(operation),
      ])
    }
  })
})

async function ask(operation: Operation, query: Record<string, string>): Promise<{ status: number; body: Json }> {
  return await send(operation, { path: await path(operation), query: `?${new URLSearchParams(query)}` })
}

function path(operation: Operation): Promise<string> {
  return suite.acme.path(operation)
}

/** The field with the id of an object, or of what it belongs to. */
function keyOf(operation: Operation): string {
  const names = documentedFields(operation).map(({ name }) => name)
  return names.find((name) => name === 'id') ?? names.find((name) => name.endsWith('_id')) ?? 'id'
}

/** `- \`name\`: eq ne pr; one of \`a\`, \`b\`` */
function documentedFields(operation: Operation): DocumentedField[] {
  const lines = descriptionOf(operation, 'filter').split('\n')
  const fields = lines.flatMap((line) => {
    const [, name, operators, values = ''] = /^- `([^`]+)`: ([a-z ]+)(?:; one of (.*))?$/.exec(line) ?? []
    if (name === undefined || operators === undefined) return []
    return [
      { name: name.replace('<member>', 'x'), operators: operators.split(' '), values: values.match(/[^`, ]+/g) ?? [] },
    ]
  })
  if (fields.length < 3) throw new Error(`${operation.operationId} describes no fields`)
  return fields
}

function documentedOrders(operation: Operation): string[] {
  return [...descriptionOf(operation, 'sort').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '')
}

function descriptionOf({ parameters }: Operation, name: string): string {
  return parameters.find((parameter) => parameter.name === name)?.description ?? ''
}

/** A value that the field takes; those that it does not take are refused as that. */
async function valueFor(operation: Operation, { name, values }: DocumentedField): Promise<string> {
  const candidates = [...values.map((value) => `"${value}"`), '"x"', '5', 'true', '"2026-01-01T00:00:00Z"']
  for (const candidate of candidates) {
    const { status, body } = await ask(operation, { filter: `${name} eq ${candidate}`, limit: '1' })
    if (status === 200) return candidate
    expect([status, (body['details'] as Json)['reason']]).toEqual([400, 'invalid_value'])
  }
  throw new Error(`${operation.operationId}: ${name} eq takes no value of any type`)
}

async function rowsOf(operation: Operation, at: string, sort: string, limit: string): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const query = new URLSearchParams({ sort, limit, ...(cursor !== null && { cursor }) })
    const { body } = await send(operation, { path: at, query: `?${query}` })
    ids.push(...(body['data'] as Json[]).map((row) => JSON.stringify(row)))
    cursor = body['next_cursor'] as string | null
  } while (cursor !== null)
  return ids
}

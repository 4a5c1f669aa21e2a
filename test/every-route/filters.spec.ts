import type { Answer, Json } from '../support/client.ts'
import { filledPath } from './filled.ts'
import type { Operation } from './operations.ts'
import { refusal, rows, said, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { operations, send } = suite
const lists = operations.filter(({ parameters }) => parameters.some(({ name }) => isFilter(name)))
const native = lists.filter(({ dialect }) => !dialect)

interface DocumentedField {
  readonly name: string
  readonly operators: readonly string[]
  /** The only values there are; empty for any. */
  readonly values: readonly string[]
}

test('every list of ours takes a filter and an order', () => {
  const ours = operations.filter(
    ({ path: at, parameters }) => at.startsWith('/v1/') && parameters.some(({ name }) => name === 'cursor'),
  )
  const without = ours.filter(
    ({ parameters }) => !['filter', 'sort'].every((each) => parameters.some(({ name }) => name === each)),
  )
  expect(without.map(({ method, path: at }) => `${method} ${at}`)).toEqual([])
})

describe.each(rows(lists))('%s', (_, operation) => {
  test('takes every operator that is documented for a field, and no other', async () => {
    const wrong: string[] = []
    for (const field of documentedFields(operation)) {
      const value = await valueFor(operation, field)
      const test = (operator: string): string => written(operation, field.name, operator, value)
      const taken = await ask(operation, { [filterOf(operation)]: field.operators.map(test).join(' or ') })
      if (taken.status !== 200) wrong.push(`${field.name}: ${taken.status} ${taken.text}`)
      for (const operator of allOperators.filter((each) => !field.operators.includes(each))) {
        const { status, text } = await ask(operation, { [filterOf(operation)]: test(operator) })
        if (status !== 400) wrong.push(`${test(operator)}: ${status} ${text}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('refuses a filter that is wrong in its own shape, and tells where', async () => {
    const { name } = documentedFields(operation)[0] as DocumentedField
    for (const [filter, offset] of [
      [`${name} eq`, name.length + 3],
      ['nonsense eq "x"', 0],
    ] as const) {
      const answer = await ask(operation, { [filterOf(operation)]: filter })
      expect([filter, ...said(answer)]).toEqual([filter, ...refusal(operation, 'invalid_filter')])
      expect(answer.text).toContain(`at offset ${offset}: `)
    }
  })
})

describe.each(rows(native))('%s', (_, operation) => {
  test.each([
    ['nothing at all', '', 'syntax', 0],
    ['a field that it does not have', 'created_at pr and nonsense eq "x"', 'unknown_field', 18],
    ['no operator', 'created_at "x"', 'syntax', 11],
    ['an operator that the field does not take', 'created_at co "x"', 'unsupported_operator', 11],
    ['a value of another type', 'created_at eq 5', 'invalid_value', 14],
    ['an open parenthesis', '(created_at pr', 'syntax', 14],
    ['SQL', 'created_at pr) or 1=1 --', 'syntax', 13],
    ['a NUL', 'created_at eq "a\\u0000"', 'invalid_value', 14],
    ['a control character', 'created_at eq "\u0007"', 'syntax', 15],
    ['too much', `created_at eq "${'x'.repeat(8200)}"`, 'too_long', 8192],
    ['too many terms', Array.from({ length: 101 }, () => 'created_at pr').join(' or '), 'too_many_terms', 1700],
    ['too many levels', `${'('.repeat(33)}created_at pr${')'.repeat(33)}`, 'too_deep', 32],
  ])('refuses a filter with %s, and tells where', async (_reason, filter, reason, offset) => {
    const { status, body } = await ask(operation, { filter })
    expect([status, body['code'], body['details']]).toEqual([
      400,
      'invalid_filter',
      { parameter: 'filter', offset, reason, expected: expect.any(Array) },
    ])
  })

  test('refuses bytes that are no text in a filter, and never fails on them', async () => {
    for (const bytes of [
      '%ff',
      '%c0%80',
      '%ed%a0%80',
      'created_at%20eq%20%22%ff%22',
      '%f0%9f%a6%8a',
      '%00',
      '\u{1f98a}',
    ])
      expect((await send(operation, { path: await path(operation), query: `?filter=${bytes}` })).status).toBeLessThan(
        500,
      )
  })

  test('answers the same rows in small pages as in a large one, in every order that is documented', async () => {
    const at = await filledPath(suite, operation)
    const fields = documentedOrders(operation)
    const orders = fields.flatMap((name, index) => [name, `-${name}`, `${name},-${fields[index - 1] ?? 'created_at'}`])
    for (const sort of orders.filter(
      (each) => new Set(each.replaceAll('-', '').split(',')).size === each.split(',').length,
    )) {
      const whole = await rowsOf(operation, at, sort, 250, 1)
      expect(whole.length).toBeGreaterThan(1)
      const inPages = await rowsOf(operation, at, sort, Math.ceil(whole.length / 7), 7)
      expect([sort, inPages.slice(0, whole.length)]).toEqual([sort, whole])
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

const allOperators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr', 'in', 'ca', 'isnull']

function isFilter(name: string): boolean {
  return name === 'filter' || name === 'filters'
}

function filterOf({ parameters }: Operation): string {
  return parameters.find(({ name }) => isFilter(name))?.name ?? ''
}

/** A test in the language of the operation, or what comes nearest to it. */
function written(operation: Operation, field: string, operator: string, value: string): string {
  if (operator === 'in' || operator === 'ca') return `${field} ${operator} (${value})`
  if (operator === 'isnull') return `${field} isnull`
  if (operator === 'pr') return filterOf(operation) === 'filters' ? `pr ${field}` : `${field} pr`
  return `${field} ${operator} ${value}`
}

async function ask(operation: Operation, query: Record<string, string>): Promise<Answer<Json>> {
  return await send(operation, { path: await path(operation), query: `?${new URLSearchParams(query)}` })
}

function path(operation: Operation): Promise<string> {
  return suite.acme.path(operation)
}

/** `- \`name\`: eq ne pr; one of \`a\`, \`b\`` */
function documentedFields(operation: Operation): DocumentedField[] {
  const lines = descriptionOf(operation, filterOf(operation)).split('\n')
  const fields = lines.flatMap((line) => {
    const [, name, operators, values = ''] = /^- `([^`]+)`: ([a-z ]+)(?:; one of (.*))?$/.exec(line) ?? []
    if (name === undefined || operators === undefined) return []
    return [
      { name: name.replace('<member>', 'x'), operators: operators.split(' '), values: values.match(/[^`, ]+/g) ?? [] },
    ]
  })
  if (fields.length === 0) throw new Error(`${operation.operationId} describes no fields`)
  return fields
}

function documentedOrders(operation: Operation): string[] {
  return [...descriptionOf(operation, 'sort').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '')
}

function descriptionOf({ parameters }: Operation, name: string): string {
  return parameters.find((parameter) => parameter.name === name)?.description ?? ''
}

/** A value that the field takes; those that it does not take are refused as that. */
async function valueFor(operation: Operation, { name, values, operators: taken }: DocumentedField): Promise<string> {
  const candidates = [...values.map((value) => `"${value}"`), '"x"', '5', 'true', '"2026-01-01T00:00:00Z"']
  const operator = taken.find((each) => each !== 'pr' && each !== 'isnull')
  if (operator === undefined) return '"x"'
  for (const candidate of candidates) {
    const { status } = await ask(operation, { [filterOf(operation)]: written(operation, name, operator, candidate) })
    if (status === 200) return candidate
    expect(status).toBe(400)
  }
  throw new Error(`${operation.operationId}: ${name} ${operator} takes no value of any type`)
}

async function rowsOf(operation: Operation, at: string, sort: string, limit: number, pages: number): Promise<string[]> {
  const found: string[] = []
  let cursor: string | null = null
  do {
    const query = new URLSearchParams({ sort, limit: String(limit), ...(cursor !== null && { cursor }) })
    const { body } = await send(operation, { path: at, query: `?${query}` })
    found.push(...(body['data'] as Json[]).map((row) => JSON.stringify(row)))
    cursor = body['next_cursor'] as string | null
  } while (cursor !== null && --pages > 0)
  return found
}

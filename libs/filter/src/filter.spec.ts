import { DomainError } from '#kernel'
import type { Accepted, Refused } from './cases/case.ts'
import { people, peopleTable } from './cases/people.ts'
import { sailpointCases } from './cases/sailpoint.ts'
import { sailpointRefusals } from './cases/sailpoint-refusals.ts'
import { scimCases } from './cases/scim.ts'
import { scimRefusals } from './cases/scim-refusals.ts'
import { raw } from './expression.ts'
import { FieldTable, limits, matches, number, readFilter, readSort, type Language, type SortStyle } from './index.ts'
import { outline } from './outline.ts'
import { parseSailpoint } from './sailpoint.ts'
import { parseScim } from './scim.ts'

const languages: [Language, typeof parseScim, readonly Accepted[], readonly Refused[]][] = [
  ['scim', parseScim, scimCases, scimRefusals],
  ['sailpoint', parseSailpoint, sailpointCases, sailpointRefusals],
]

describe.each(languages)('%s', (language, parse, cases, refusals) => {
  test.each(cases)('%s is the tree %s', (text, tree) => {
    expect(outline(parse(text, 'filter'))).toBe(tree)
  })

  test.each(cases)('%s names %3$s', (text, _, names) => {
    expect(named(text, language)).toBe(names)
  })

  test.each(refusals)('%s is refused: %s at %i', (text, reason, offset) => {
    const { code, details, message } = refusalOf(() => readFilter(text, peopleTable, language, 'filters'))
    expect([code, details]).toEqual([
      'invalid_filter',
      { parameter: 'filters', reason, offset, expected: expect.any(Array) },
    ])
    expect(details?.['expected']).not.toHaveLength(0)
    expect(message).toContain(`filters, at offset ${offset}: `)
  })

  test('what is deep, long or has many terms is refused as that, and what is just within is read', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}level eq 3${')'.repeat(depth)}`
    const terms = (count: number): string => Array.from({ length: count }, () => 'level eq 3').join(' or ')
    const long = (length: number): string => `name eq "${'x'.repeat(length - 10)}"`
    expect([nested(32), terms(100), long(8192)].map((text) => named(text, language))).toEqual(['ada', 'ada', ''])
    const refused = [nested(33), nested(4000), terms(101), long(8193), 'x'.repeat(100_000)].map((text) => {
      const { details } = refusalOf(() => readFilter(text, peopleTable, language))
      return [details?.['reason'], details?.['offset']]
    })
    expect(refused).toEqual([
      ['too_deep', 32],
      ['too_deep', 32],
      ['too_many_terms', 1400],
      ['too_long', limits.length],
      ['too_long', limits.length],
    ])
  })
})

test('negations and brackets are levels, and values of lists are counted', () => {
  const reasonOf = (text: string, language: Language): unknown =>
    refusalOf(() => readFilter(text, peopleTable, language)).details?.['reason']
  expect(reasonOf(`${'not ('.repeat(17)}level eq 3${')'.repeat(17)}`, 'scim')).toBe('too_deep')
  expect(reasonOf(`${'not '.repeat(1000)}level eq 3`, 'sailpoint')).toBe('too_deep')
  expect(reasonOf(`level in (${'1,'.repeat(limits.values)}1)`, 'sailpoint')).toBe('too_many_terms')
})

test('a filter knows which fields it speaks of', () => {
  const filter = readFilter('level eq 3 and not (emails[type eq "work"] or attributes.x pr)', peopleTable, 'scim')
  expect(['level', 'emails', 'attributes', 'type', 'name'].filter((name) => filter.mentions(name))).toEqual([
    'level',
    'emails',
    'attributes',
  ])
})

test('a list that knows no negation refuses it where it stands', () => {
  const table = new FieldTable({ level: number(raw('t.level')) }, { negation: false })
  const { details } = refusalOf(() => readFilter('level eq 1 and (not level eq 2)', table, 'sailpoint'))
  expect(details).toMatchObject({ offset: 16, reason: 'unsupported_operator', expected: ['and', 'or'] })
})

test('an order says what it does not know, and what it knows', () => {
  const read = (text: string, style: SortStyle): unknown =>
    readSort(text, peopleTable, style).keys.map(({ name, descending }) => [name, descending])
  expect(read('name,-level', 'signed')).toEqual([['name', false], ['level', true]]) // prettier-ignore
  expect(read(' name  desc , level asc,nick', 'worded')).toEqual([['name', true], ['level', false], ['nick', false]]) // prettier-ignore
  for (const [text, style, hint] of [
    ['nam', 'signed', 'did you mean name?'],
    ['name,name', 'signed', 'name stands there twice'],
    ['name desc', 'signed', 'nothing is sorted by'],
    ['-name', 'worded', 'nothing is sorted by'],
    ['name DESC', 'worded', 'behind a field stands asc, desc or nothing, not as in "name DESC"'],
    ['kind', 'signed', 'the fields are id, name'],
    ['', 'signed', 'nothing is sorted by'],
    ['name,'.repeat(300), 'signed', 'longer than 1024'],
  ] as const) {
    const { code, message, details } = refusalOf(() => readSort(text, peopleTable, style, 'sorters'))
    expect([code, details?.['parameter'], details?.['allowed']]).toEqual([
      'invalid_parameter',
      'sorters',
      peopleTable.sortable,
    ])
    expect(message).toContain(hint)
  }
})

test.each([
  ['nme eq "x"', 'did you mean name?'],
  ['level eq 3 and joined_a pr', 'did you mean joined_at?'],
  ['emails.tpye eq "x"', 'did you mean emails.type?'],
  ['kind eq "persn"', 'did you mean "Person"?'],
  ['joined_at gt "2024-01-01T00:00:00 02:00"', 'write %2B'],
])('%s is answered with %s', (text, hint) => {
  expect(refusalOf(() => readFilter(text, peopleTable, 'scim')).message).toContain(hint)
})

function named(text: string, language: Language): string {
  const filter = readFilter(text, peopleTable, language)
  return Object.entries(people)
    .flatMap(([name, person]) => (matches(filter, person) ? [name] : []))
    .join(' ')
}

function refusalOf(work: () => unknown): DomainError {
  try {
    work()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('It was not refused')
}

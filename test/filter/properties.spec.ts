import fc from 'fast-check'
import { DomainError } from '#kernel'
import { limits, matches, readFilter, type Language } from '#filter'
import { peopleTable } from '../../libs/filter/src/cases/people.ts'
import { outline } from '../../libs/filter/src/outline.ts'
import { parseSailpoint } from '../../libs/filter/src/sailpoint.ts'
import { parseScim } from '../../libs/filter/src/scim.ts'
import { print } from '../../libs/filter/src/print.ts'
import { persons, trees } from './arbitrary.ts'
import { peopleDatabase } from './people-database.ts'

const database = await peopleDatabase([])
afterAll(() => database.end())

const parsers = { scim: parseScim, sailpoint: parseSailpoint } as const
const languages: [Language][] = [['scim'], ['sailpoint']]

describe.each(languages)('%s', (language) => {
  const parse = parsers[language]

  test('a tree that is printed and parsed is the tree that it was', () => {
    fc.assert(
      fc.property(trees(language), (tree) => {
        const text = print(tree, language)
        fc.pre(fits(text))
        expect(outline(parse(text, 'filter'))).toBe(outline(tree))
      }),
      { numRuns: 2000 },
    )
  })

  test('PostgreSQL and the twin name the same objects', async () => {
    const everybody = fc.sample(persons, { numRuns: 60, seed: 11 })
    await database.store(everybody)
    const seen = { some: 0, none: 0, all: 0 }
    await fc.assert(
      fc.asyncProperty(trees(language), async (tree) => {
        const text = print(tree, language)
        fc.pre(fits(text))
        const filter = readFilter(text, peopleTable, language)
        const expected = everybody.filter((person) => matches(filter, person)).map(({ id }) => id)
        expect(await database.named(filter)).toEqual(expected.sort())
        seen[expected.length === 0 ? 'none' : expected.length === everybody.length ? 'all' : 'some']++
      }),
      { numRuns: 1500 },
    )
    expect(seen.some).toBeGreaterThan(500)
  })

  test('any text is a filter, or refused with a place in it and what would be right there', () => {
    const tokens = ['name', 'level', 'emails', 'attributes.a', ' ', ' ', 'eq', 'pr', 'in', 'and', 'or', 'not', '(', ')', '[', ']', '"', '\\', '\\u00', '"a"', '1', '-', '.', ',', 'null', 'true', 'urn:', '$', '\0', '\ud800', '🦊'] // prettier-ignore
    const words = fc.array(fc.constantFrom(...tokens), { maxLength: 40 }).map((each) => each.join(''))
    const bent = fc.tuple(trees(language), fc.nat(), fc.constantFrom(...tokens)).map(([tree, at, token]) => {
      const text = print(tree, language)
      return text.slice(0, at % (text.length + 1)) + token + text.slice((at % (text.length + 1)) + 1)
    })
    const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), words, bent)
    fc.assert(
      fc.property(anything, (text) => {
        try {
          readFilter(text, peopleTable, language)
        } catch (error) {
          if (!(error instanceof DomainError)) throw error
          const { offset, reason, expected, parameter } = error.details as Record<string, any>
          expect([error.code, parameter, typeof reason]).toEqual(['invalid_filter', 'filter', 'string'])
          expect(offset >= 0 && offset <= text.length && expected.length > 0).toBe(true)
          expect(error.message.isWellFormed()).toBe(true)
        }
      }),
      { numRuns: 5000 },
    )
  })

  test.each(hostile(language))('reading takes time in proportion to the length, also of %s', (_, shape) => {
    const cost = (length: number): number => {
      const text = shape(length)
      const times = Array.from({ length: 25 }, () => {
        const start = performance.now()
        for (let run = 0; run < 10; run++) attempt(text, language)
        return performance.now() - start
      })
      return Math.min(...times)
    }
    const [quarter, whole] = [cost(limits.length / 4), cost(limits.length)]
    // Four times as much, with room for what the machine does meanwhile; a square would be sixteen times.
    expect(whole).toBeLessThan(Math.max(quarter, 0.2) * 10)
  })
})

function attempt(text: string, language: Language): void {
  try {
    readFilter(text, peopleTable, language)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
}

/** Within the limits, which have a test of their own. */
function fits(text: string): boolean {
  return text.length <= limits.length
}

function hostile(language: Language): [string, (length: number) => string][] {
  const filled = (start: string, piece: string, end: string) => (length: number) =>
    start + piece.repeat(Math.floor((length - start.length - end.length) / piece.length)) + end
  const shapes: [string, (length: number) => string][] = [
    ['one long text', filled('name eq "', 'x', '"')],
    ['a text of escapes', filled('name eq "', '\\\\', '"')],
    ['a text that does not end', filled('name eq "', '\\"', '')],
    ['a long name', filled('', 'n', ' eq 1')],
    ['a name with many dots', filled('a', '.a', ' eq 1')],
    ['spaces', filled('name eq "x"', ' ', '')],
    ['spaces before a word', filled('name eq "x"', ' ', 'x')],
    ['spaces in parentheses', filled('((((', ' ', 'name pr))))')],
    ['many terms', filled('', 'level eq 3 or ', 'level eq 3')],
    ['digits', filled('level eq ', '1', '')],
    ['digits and letters', filled('level eq 1', 'e1', '')],
    ['parentheses', filled('', '(', '')],
  ]
  if (language === 'scim') return [...shapes, ['a schema', filled('urn:', 'a:', 'b eq 1')]]
  return [...shapes, ['a list', filled('level in (', '1,', '1)')], ['negations', filled('', 'not ', 'level eq 1')]]
}

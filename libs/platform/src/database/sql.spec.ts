import fc from 'fast-check'
import { all, join, raw, sql, type Fragment } from './sql.ts'

const { fragment } = fc.letrec<{ fragment: Fragment }>((tie) => ({
  fragment: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('', 'a', 'b', 'true').map(raw),
    fc.integer({ max: 3 }).map((value) => sql`a = ${value}`),
    fc.tuple(tie('fragment'), fc.string()).map(([inner, value]) => sql`x ${inner} y ${value} z`),
    fc.tuple(tie('fragment'), tie('fragment')).map(([left, right]) => sql`${left}${right}`),
    fc
      .tuple(fc.constantFrom(', ', ' or '), fc.array(tie('fragment'), { maxLength: 4 }))
      .map(([by, of]) => join(of, by)),
    fc.array(tie('fragment'), { maxLength: 3 }).map(all),
  ),
}))

test('a statement is found again with the text that its own pieces have, and with its own values', () => {
  const names = new Map<string, string>()
  fc.assert(
    fc.property(fragment, (each) => {
      const { name, text, values } = each.toStatement()
      expect({ text, values }).toEqual(each.toPassingStatement())
      expect(name).toBeDefined()
      expect(names.get(name ?? '') ?? text).toBe(text)
      names.set(name ?? '', text)
    }),
    { numRuns: 2000 },
  )
})

test('a value in the place of a piece makes another statement', () => {
  const piece = (place: unknown): Fragment => sql`a = ${place}`
  expect(piece(1).toStatement().text).toBe('a = $1')
  expect(piece(raw('b')).toStatement().text).toBe('a = b')
  expect(piece('b').toStatement()).toMatchObject({ text: 'a = $1', values: ['b'] })
})

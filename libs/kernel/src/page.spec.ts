import fc from 'fast-check'
import { bindingOf, decodeCursor, encodeCursor } from './page.ts'

const dependencies = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)))
const list = bindingOf(['list'])
const keys = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 })

test('a cursor gives back its keys for the query that it was made for', () => {
  fc.assert(
    fc.property(dependencies, keys, (all, given) => {
      const binding = bindingOf(all)
      expect(decodeCursor(binding, encodeCursor(binding, given))).toEqual(given)
    }),
  )
})

test('a cursor is refused by every other query', () => {
  fc.assert(
    fc.property(dependencies, dependencies, keys, (all, others, given) => {
      fc.pre(JSON.stringify(all) !== JSON.stringify(others))
      expect(() => decodeCursor(bindingOf(others), encodeCursor(bindingOf(all), given))).toThrow(
        /altered, or made for another query/,
      )
    }),
  )
})

test('a cursor with any one character altered, added or taken away is refused', () => {
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ']
  fc.assert(
    fc.property(
      keys,
      fc.nat(),
      fc.constantFrom(...alphabet),
      fc.constantFrom('alter', 'add', 'drop'),
      (given, at, character, how) => {
        const cursor = encodeCursor(list, given)
        const index = at % cursor.length
        const rest = cursor.slice(how === 'add' ? index : index + 1)
        const altered = cursor.slice(0, index) + (how === 'drop' ? '' : character) + rest
        fc.pre(altered !== cursor)
        expect(() => decodeCursor(list, altered)).toThrow(/altered, or made for another query/)
      },
    ),
    { numRuns: 500 },
  )
})

test('a cursor is safe in a URL as it is', () => {
  fc.assert(
    fc.property(keys, (given) => {
      expect(encodeCursor(list, given)).toMatch(/^[A-Za-z0-9_-]+$/)
    }),
  )
})

test('no text makes anything but a refusal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => decodeCursor(list, text)).toThrow(/altered, or made for another query/)
    }),
  )
})

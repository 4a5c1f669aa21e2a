import fc from 'fast-check'
import { JsonText } from './json-text.ts'

test('the bytes are those of the text, of any characters and any length', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '語', '🙂', '\u2028', '\ud800'), maxLength: 20 })
  const parts = fc.array(fc.tuple(text, fc.constantFrom(1, 3000, 40_000)), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(parts, (given) => {
      // As between the parts of a JSON text, no character is divided.
      const json = new JsonText(given.map(([part, times]) => `"${part.repeat(times)}"`))
      expect(json.toBuffer().equals(Buffer.from(json.text))).toBe(true)
    }),
  )
})

test('what was written before is not written over', () => {
  const first = new JsonText(['[', 'x'.repeat(10_000), ']']).toBuffer()
  new JsonText('y'.repeat(10_000)).toBuffer()
  expect(first.toString()).toBe(`[${'x'.repeat(10_000)}]`)
})

import fc from 'fast-check'
import { newId, parseId } from './ids.ts'

test('a uuid is read in any case, with and without dashes, as one stored form', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.boolean(), fc.boolean(), (uuid, upper, dashes) => {
      const written = dashes ? uuid : uuid.replaceAll('-', '')
      expect(parseId(upper ? written.toUpperCase() : written)).toBe(uuid.toLowerCase())
    }),
  )
})

test.each([
  '',
  'abc',
  '2489e9ad-2ee2-8e00-8ec9-32d5f69181c',
  '2489e9ad2ee2-8e00-8ec9-32d5f69181c0',
  '{2489e9ad-2ee2-8e00-8ec9-32d5f69181c0}',
  ' 2489e9ad-2ee2-8e00-8ec9-32d5f69181c0',
])('what is no uuid is none: %j', (text) => {
  expect(parseId(text)).toBeNull()
})

test('ids made later sort later', () => {
  const made = Array.from({ length: 1000 }, newId)
  expect(made.toSorted()).toEqual(made)
})

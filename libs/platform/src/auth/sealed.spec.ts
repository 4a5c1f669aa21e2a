import { seal, unseal, type Sealing } from './sealed.ts'

const sealing: Sealing = { under: 'a secret', use: 'castellan webhook secret', of: 'webhook 1' }
const plain = Buffer.from('what nobody shall read')

test('what is sealed opens with the same secret, for the same use, of the same object, and not otherwise', () => {
  const sealed = seal(sealing, plain)
  expect(sealed.includes(plain)).toBe(false)
  expect(unseal(sealing, sealed)).toEqual(plain)
  expect(unseal({ ...sealing, under: 'another' }, sealed)).toBeNull()
  expect(unseal({ ...sealing, use: 'castellan signing key' }, sealed)).toBeNull()
  expect(unseal({ ...sealing, of: 'webhook 2' }, sealed)).toBeNull()
})

test('what was altered does not open, wherever it was altered', () => {
  const sealed = seal(sealing, plain)
  for (const place of sealed.keys()) {
    const altered = Buffer.from(sealed)
    altered.writeUInt8(altered.readUInt8(place) ^ 1, place)
    expect(unseal(sealing, altered)).toBeNull()
  }
})

test('the same is sealed differently each time', () => {
  expect(seal(sealing, plain).equals(seal(sealing, plain))).toBe(false)
})

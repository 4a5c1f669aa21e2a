import fc from 'fast-check'
import {
  hashSecret,
  isSecret,
  newSecret,
  readClientId,
  readKey,
  readSecret,
  writeClientId,
  writeKey,
  writeSecret,
} from './key-text.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const anySecret = fc.uint8Array({ minLength: 24, maxLength: 24 }).map((bytes) => Buffer.from(bytes))
const anyKey = fc.record({ tenantId: fc.uuid(), id: fc.uuid(), secret: anySecret })

describe('the text of a key', () => {
  it('says the tenant, the id and the secret that were written, in one width', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(readKey(writeKey(key))).toEqual(key)
        expect(writeKey(key)).toMatch(/^castellan_[0-9A-Za-z]{81}$/)
        expect(readClientId(writeClientId(key))).toEqual({ tenantId: key.tenantId, id: key.id })
        expect(readSecret(writeSecret(key.secret))).toEqual(key.secret)
      }),
    )
  })

  it('is refused with any one character changed', () => {
    const change = fc.record({
      at: fc.nat(90),
      to: fc.oneof(fc.constantFrom(...alphabet), fc.string({ minLength: 1, maxLength: 1 })),
    })
    fc.assert(
      fc.property(anyKey, change, (key, { at, to }) => {
        const text = writeKey(key)
        fc.pre(text.charAt(at) !== to)
        expect(readKey(text.slice(0, at) + to + text.slice(at + 1))).toBeNull()
      }),
      { numRuns: 2000 },
    )
  })

  it('is refused with two neighbours swapped, a character lost or one too many', () => {
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 10, max: 89 }), (key, at) => {
        const text = writeKey(key)
        const swapped = text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2)
        fc.pre(swapped !== text)
        expect(readKey(swapped)).toBeNull()
        expect(readKey(text.slice(0, at) + text.slice(at + 1))).toBeNull()
        expect(readKey(`${text}0`)).toBeNull()
      }),
    )
  })

  it('is refused when it is no key at all', () => {
    for (const text of [
      '',
      'castellan_',
      `castellan_${'z'.repeat(81)}`,
      `castellan_${'0'.repeat(80)}\0`,
      'x'.repeat(91),
    ]) {
      expect(readKey(text)).toBeNull()
    }
    fc.assert(
      fc.property(
        fc.string(),
        (text) => readKey(text) === null && readClientId(text) === null && readSecret(text) === null,
      ),
    )
  })

  it('proves itself by its secret only', () => {
    const secret = newSecret()
    expect(isSecret(secret, hashSecret(secret))).toBe(true)
    expect(isSecret(newSecret(), hashSecret(secret))).toBe(false)
  })
})

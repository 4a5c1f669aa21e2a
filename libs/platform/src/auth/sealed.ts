import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16

/** What a secret is sealed for. Each use has a key of its own, derived from `under`. */
export interface Sealing {
  readonly under: string
  readonly use: 'castellan signing key' | 'castellan idempotency' | 'castellan webhook secret'
  /** The id of what holds the sealed text: it opens nowhere else. */
  readonly of?: string
}

/** AES-256-GCM: nonce, tag, ciphertext. */
export function seal(sealing: Sealing, plain: Uint8Array): Buffer<ArrayBuffer> {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', keyOf(sealing), nonce).setAAD(Buffer.from(sealing.of ?? ''))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** Null for what was sealed under another secret, for another use or of something else, and for what was altered. */
export function unseal(sealing: Sealing, sealed: Uint8Array): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(sealing), sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(sealing.of ?? '')).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()])
  } catch {
    return null
  }
}

function keyOf({ under, use }: Sealing): Buffer {
  return Buffer.from(hkdfSync('sha256', under, '', use, 32))
}

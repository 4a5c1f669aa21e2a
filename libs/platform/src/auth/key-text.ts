import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const noDigit = 255
const digits = new Uint8Array(128).fill(noDigit)
for (const [value, character] of [...alphabet].entries()) digits[character.charCodeAt(0)] = value
const chunk = 8
const chunkBase = BigInt(62 ** chunk)
const idBytes = 16
const secretBytes = 24
const checksumBytes = 4

/** What an API key says: whose it is, which one, and the secret that proves it. */
export interface KeyText {
  readonly tenantId: string
  readonly id: string
  readonly secret: Buffer
}

/** What the id of an OAuth client says. */
export type ClientIdText = Omit<KeyText, 'secret'>

/*
 * castellan_        tenant id (16) | key id (16)    | secret (24) | CRC-32 (4)     an API key
 * castellan_client_ tenant id (16) | client id (16) | CRC-32 (4)                   the id of an OAuth client
 * castellan_secret_ secret (24)    | CRC-32 (4)                                    its secret
 *
 * Each in base 62 of fixed width: the tenant is known before the first query, a typo and a scanner's find are known
 * without one.
 */
const keyForm = form('castellan_', 2 * idBytes + secretBytes)
const clientIdForm = form('castellan_client_', 2 * idBytes)
const secretForm = form('castellan_secret_', secretBytes)

export function newSecret(): Buffer<ArrayBuffer> {
  return Buffer.from(randomBytes(secretBytes))
}

/** What is stored of a secret. It has 192 random bits, so a fast hash is enough. */
export function hashSecret(secret: Buffer): Buffer<ArrayBuffer> {
  return hash('sha256', secret, 'buffer') as Buffer<ArrayBuffer>
}

/** Compares in constant time. */
export function isSecret(secret: Buffer, stored: Uint8Array): boolean {
  return timingSafeEqual(hashSecret(secret), stored)
}

export function writeKey({ tenantId, id, secret }: KeyText): string {
  return keyForm.write(Buffer.concat([uuidBytes(tenantId), uuidBytes(id), secret]))
}

/** The key, or null for any other text. */
export function readKey(text: string): KeyText | null {
  const bytes = keyForm.read(text)
  return bytes && { tenantId: uuidAt(bytes, 0), id: uuidAt(bytes, idBytes), secret: bytes.subarray(2 * idBytes) }
}

export function writeClientId({ tenantId, id }: ClientIdText): string {
  return clientIdForm.write(Buffer.concat([uuidBytes(tenantId), uuidBytes(id)]))
}

export function readClientId(text: string): ClientIdText | null {
  const bytes = clientIdForm.read(text)
  return bytes && { tenantId: uuidAt(bytes, 0), id: uuidAt(bytes, idBytes) }
}

export function writeSecret(secret: Buffer): string {
  return secretForm.write(secret)
}

export function readSecret(text: string): Buffer | null {
  return secretForm.read(text)
}

interface Form {
  write(bytes: Buffer): string
  read(text: string): Buffer | null
}

function form(prefix: string, length: number): Form {
  const total = length + checksumBytes
  const width = Math.ceil((total * 8) / Math.log2(62))
  return {
    write: (bytes) => prefix + base62(Buffer.concat([bytes, checksum(bytes)]), width),
    read(text) {
      if (text.length !== prefix.length + width || !text.startsWith(prefix)) return null
      const bytes = fromBase62(text.slice(prefix.length), total)
      if (!bytes) return null
      const body = bytes.subarray(0, length)
      return checksum(body).equals(bytes.subarray(length)) ? body : null
    },
  }
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(checksumBytes)
  sum.writeUInt32BE(crc32(bytes))
  return sum
}

function base62(bytes: Buffer, width: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  while (text.length < width) {
    text = alphabet.charAt(Number(rest % 62n)) + text
    rest /= 62n
  }
  return text
}

function fromBase62(text: string, length: number): Buffer | null {
  let value = 0n
  const first = text.length % chunk
  for (let start = 0, end = first; end <= text.length; start = end, end += chunk) {
    let part = 0
    for (let at = start; at < end; at++) {
      const digit = digits[text.charCodeAt(at)] ?? noDigit
      if (digit === noDigit) return null
      part = part * 62 + digit
    }
    value = value * chunkBase + BigInt(part)
  }
  const hex = value.toString(16)
  return hex.length > length * 2 ? null : Buffer.from(hex.padStart(length * 2, '0'), 'hex')
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

function uuidAt(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + idBytes)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

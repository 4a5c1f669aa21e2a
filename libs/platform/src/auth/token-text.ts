import { clockSkew } from './own-issuer.ts'

/** Why a token is not accepted; for the log, never for the client. */
export class InvalidToken extends Error {}

/** What a token says of itself, before anything of it is verified: good for finding the key, for nothing else. */
export interface TokenText {
  readonly alg: Algorithm
  readonly kid: string | null
  readonly issuer: string
  readonly audiences: readonly string[]
}

/** Asymmetric ones only: with a public key nobody can sign. */
export const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384'] as const
export type Algorithm = (typeof algorithms)[number]

const maximumLength = 8192
const utf8 = new TextDecoder('utf-8', { fatal: true })
// `crit` and `b64` change what is signed; the others bring or name a key of the sender's choice.
const refusedHeaders = ['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c']
// Nobody means a token to be good for longer; a time beyond it is a mistake, in milliseconds for example.
const longestLife = 10 * 365.25 * 24 * 3600
const types = /^(?:application\/)?(?:at\+)?jwt$/i

/** @throws InvalidToken for a token that no key could make acceptable */
export function readToken(text: string): TokenText {
  if (text.length > maximumLength) throw new InvalidToken(`longer than ${maximumLength} characters`)
  const [header, payload, signature, ...more] = text.split('.')
  if (!header || !payload || !signature || more.length > 0) throw new InvalidToken('not three parts')
  bytesOf(signature)
  const { alg, kid, typ, ...others } = objectIn(header)
  const { iss, aud, exp, nbf, iat } = objectIn(payload)

  if (!isAlgorithm(alg)) throw new InvalidToken(`the algorithm ${JSON.stringify(alg)}`)
  const refused = refusedHeaders.find((name) => Object.hasOwn(others, name))
  if (refused !== undefined) throw new InvalidToken(`the header ${refused}`)
  if (typ !== undefined && !(typeof typ === 'string' && types.test(typ)))
    throw new InvalidToken(`the type ${JSON.stringify(typ)}`)
  if (kid !== undefined && typeof kid !== 'string') throw new InvalidToken('a kid that is no text')
  if (typeof iss !== 'string') throw new InvalidToken('no issuer')
  const audiences = [aud].flat()
  if (!audiences.every((each) => typeof each === 'string')) throw new InvalidToken('no audience')
  const now = Date.now() / 1000
  if (!isTime(exp)) throw new InvalidToken('exp is no time')
  if (exp > now + longestLife) throw new InvalidToken('good for more than ten years')
  if (nbf !== undefined && !isTime(nbf)) throw new InvalidToken('nbf is no time')
  if (iat !== undefined && !isTime(iat)) throw new InvalidToken('iat is no time')
  if (iat !== undefined && iat > now + clockSkew) throw new InvalidToken('issued in the future')
  return { alg, kid: kid ?? null, issuer: iss, audiences }
}

function isAlgorithm(value: unknown): value is Algorithm {
  return algorithms.some((each) => each === value)
}

/** Whole seconds since 1970. */
function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** Base64url has several texts for the same bytes; only the canonical one is read. */
function bytesOf(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) throw new InvalidToken('a part that is not canonical base64url')
  return bytes
}

function objectIn(part: string): Record<string, unknown> {
  const bytes = bytesOf(part)
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(bytes))
  } catch {
    throw new InvalidToken('a part that is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidToken('a part that is no object')
  return value as Record<string, unknown>
}

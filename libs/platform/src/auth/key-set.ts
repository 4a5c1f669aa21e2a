import { createPublicKey, type KeyObject } from 'node:crypto'
import { InvalidToken, type Algorithm, type TokenText } from './token-text.ts'

/** One public key of a JWK set (RFC 7517) and what it may verify. */
export interface VerificationKey {
  readonly kid: string | null
  readonly algorithms: readonly Algorithm[]
  readonly key: KeyObject
}

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const rsaAlgorithms: readonly Algorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const curveAlgorithms: Record<string, readonly Algorithm[]> = { 'P-256': ['ES256'], 'P-384': ['ES384'] }
const maximumKeys = 100
const otherUse = 'is not for signatures'

/** The keys of a set that may verify signatures; the others of it, such as encryption keys, are left out. @throws InvalidToken */
export function readKeySet(value: unknown): VerificationKey[] {
  return membersOf(value).flatMap((jwk) => {
    const key = read(jwk)
    return typeof key === 'string' ? [] : [key]
  })
}

/** Why the set cannot be an identity provider's, or null. Keys for encryption may stand in it; a secret may not. */
export function keySetProblem(value: unknown): string | null {
  let members: unknown[]
  try {
    members = membersOf(value)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const kids = new Set<unknown>()
  for (const [index, jwk] of members.entries()) {
    const key = read(jwk)
    if (key === otherUse) continue
    if (typeof key === 'string') return `keys[${index}] ${key}`
    if (kids.has(key.kid)) return `keys[${index}] needs a kid of its own`
    kids.add(key.kid)
  }
  return kids.size === 0 ? 'holds no key that verifies signatures' : null
}

/**
 * The one key that the token can be signed with: by its kid, and by its algorithm, which must be one that the key is for.
 * @throws InvalidToken without one, and with two, since then it is not known whose word it is
 */
export function pickKey(keys: readonly VerificationKey[], { alg, kid }: Pick<TokenText, 'alg' | 'kid'>): KeyObject {
  const fitting = keys.filter((each) => (kid === null || each.kid === kid) && each.algorithms.includes(alg))
  const [first, ...others] = fitting
  if (!first) throw new InvalidToken(`no ${alg} key with the kid ${kid}`)
  if (others.length > 0) throw new InvalidToken(`several ${alg} keys with the kid ${kid}`)
  return first.key
}

function membersOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) {
    throw new InvalidToken('is no JWK set: {"keys": [...]}')
  }
  if (value.keys.length > maximumKeys) throw new InvalidToken(`has more than ${maximumKeys} keys`)
  return value.keys
}

/** The key, or what is wrong with it. */
function read(jwk: unknown): VerificationKey | string {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return 'is no object'
  const { kty, crv, use, key_ops, alg, kid } = jwk as Record<string, unknown>
  if (kty === 'oct') return 'is a symmetric key'
  if (privateMembers.some((member) => Object.hasOwn(jwk, member))) return 'holds private members'
  if (use !== undefined && use !== 'sig') return otherUse
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes('verify'))) return 'is not for verifying'
  if (kid !== undefined && !(typeof kid === 'string' && kid.length <= 256))
    return 'has a kid that is no text of at most 256 characters'

  const family =
    kty === 'RSA' ? rsaAlgorithms : kty === 'EC' && typeof crv === 'string' ? (curveAlgorithms[crv] ?? []) : []
  const algorithms = alg === undefined ? family : family.filter((each) => each === alg)
  if (algorithms.length === 0) return 'is neither an RSA key nor one on P-256 or P-384, or its alg does not fit it'
  const key = publicKey(jwk)
  if (key === null) return 'cannot be read'
  return isWeak(key)
    ? 'is an RSA key of less than 2048 bits or with a bad exponent'
    : { kid: kid ?? null, algorithms, key }
}

function publicKey(jwk: object): KeyObject | null {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch {
    return null
  }
}

function isWeak({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return false
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {}
  return modulusLength < 2048 || modulusLength > 16384 || publicExponent < 3n || publicExponent % 2n === 0n
}

import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT, type JWTPayload } from 'jose'

export interface Signer {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: Record<string, unknown>
  readonly kid: string
  readonly alg: string
}

/** A key pair of an identity provider, or of somebody who would like to be one. */
export function newSigner(kid: string, alg: 'RS256' | 'PS256' | 'ES256' | 'ES384' = 'RS256'): Signer {
  const pair = alg.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: alg === 'ES256' ? 'P-256' : 'P-384' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...pair, kid, alg, jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } }
}

export function sign(
  { alg, kid, privateKey }: Signer,
  claims: JWTPayload,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey)
}

export const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token whose header says what we want and whose signature is whatever `seal` makes of it. */
export function forge(header: unknown, claims: unknown, seal: (signed: string) => string): string {
  const signed = `${part(header)}.${part(claims)}`
  return `${signed}.${seal(signed)}`
}

export const hmac =
  (algorithm: string, secret: string | Buffer) =>
  (signed: string): string =>
    createHmac(algorithm, secret).update(signed).digest('base64url')

export const rsa =
  (algorithm: string, key: KeyObject) =>
  (signed: string): string =>
    createSign(algorithm).update(signed).sign(key, 'base64url')

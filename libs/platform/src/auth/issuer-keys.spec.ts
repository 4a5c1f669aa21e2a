import { Logger } from '@nestjs/common'
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Config } from '../config/config.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { keySetProblem } from './key-set.ts'
import type { TenantIssuer } from './people.repository.ts'
import type { TokenText } from './token-text.ts'

type Jwk = Record<string, unknown>

const newJwk = (kid: string): Jwk => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
  kid,
})
const [one, two, three] = ['one', 'two', 'three'].map(newJwk) as [Jwk, Jwk, Jwk]
const minute = 60_000
const realNow = Date.now

let server: Server
let issuer: TenantIssuer
let served: { keys: Jwk[] } | 'down' | 'garbage'
let asked: number
let clock: number
let keys: IssuerKeys

const token = (kid: string | null, alg: TokenText['alg'] = 'RS256'): TokenText => ({
  kid,
  alg,
  issuer: 'i',
  audiences: ['a'],
})
// prettier-ignore
const isAccepted = async (kid: string | null, of = issuer, alg?: TokenText['alg']): Promise<boolean> => keys.key(of, token(kid, alg)).then(() => true, () => false)
// prettier-ignore
const inline = (...jwks: Jwk[]): TenantIssuer => ({ ...issuer, jwks_uri: null, jwks: { keys: jwks } })

beforeAll(async () => {
  Logger.overrideLogger(false)
  server = createServer((_, response) => {
    asked++
    if (served === 'down') response.destroy()
    else response.end(served === 'garbage' ? '<html>' : JSON.stringify(served))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

beforeEach(() => {
  const jwks_uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  issuer = {
    id: '1',
    tenant_id: '1',
    issuer: 'i',
    audience: 'a',
    jwks_uri,
    jwks: null,
    groups_claim: null,
    subject_claim: 'sub',
    identity_match: 'none',
    scopes: [],
  }
  keys = new IssuerKeys(new Config({ ALLOW_PRIVATE_HOSTS: 'true' }))
  served = { keys: [one] }
  asked = 0
  clock = Date.UTC(2026, 0)
  Date.now = () => clock
})

afterEach(() => {
  Date.now = realNow
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe("an issuer's keys", () => {
  it('are asked for once, however many tokens need them at the same time', async () => {
    expect(await Promise.all(Array.from({ length: 20 }, () => isAccepted('one')))).not.toContain(false)
    expect(asked).toBe(1)
  })

  it('are taken up when a token names a new one, and asked for no more than every ten seconds', async () => {
    expect(await isAccepted('one')).toBe(true)
    served = { keys: [one, two] }
    expect(await isAccepted('two')).toBe(false)
    clock += 10_000
    for (let at = 0; at < 5; at++) expect(await isAccepted(`guess ${at}`)).toBe(false)
    expect(asked).toBe(2)
    expect([await isAccepted('one'), await isAccepted('two')]).toEqual([true, true])
  })

  it('are refused five minutes after the issuer has taken them back', async () => {
    expect(await isAccepted('one')).toBe(true)
    served = { keys: [two] }
    clock += 5 * minute + 1
    expect([await isAccepted('one'), await isAccepted('two')]).toEqual([false, true])
  })

  it('serve for an hour while the issuer is down or talks nonsense, and not a moment longer', async () => {
    expect(await isAccepted('one')).toBe(true)
    for (const state of ['down', 'garbage'] as const) {
      served = state
      clock += 29 * minute
      expect(await isAccepted('one')).toBe(true)
    }
    clock += 2 * minute + 1
    expect(await isAccepted('one')).toBe(false)
    served = { keys: [one] }
    clock += 10_000
    expect(await isAccepted('one')).toBe(true)
  })

  it('are refused when two have the same kid, since it is not known whose word it is', async () => {
    served = { keys: [one, { ...two, kid: 'one' }] }
    expect(await isAccepted('one')).toBe(false)
  })

  it('are found without a kid only when there is one to choose from', async () => {
    expect(await isAccepted(null, inline(one))).toBe(true)
    expect(await isAccepted(null, inline(one, two))).toBe(false)
  })

  it('verify only what they are for', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as Jwk

    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }) as Jwk
    // prettier-ignore

    const cases: [Jwk, TokenText['alg'], boolean][] = [
      [{ ...one, alg: 'RS256' }, 'RS256', true], [{ ...one, alg: 'RS256' }, 'PS256', false], [one, 'PS512', true], [one, 'ES256', false], [{ ...one, use: 'enc' }, 'RS256', false],
      [{ ...one, key_ops: ['encrypt'] }, 'RS256', false], [{ ...one, key_ops: ['verify'] }, 'RS256', true], [{ ...ec, kid: 'one' }, 'ES256', true], [{ ...ec, kid: 'one' }, 'ES384', false],
      [{ ...ec, kid: 'one' }, 'RS256', false], [{ kty: 'oct', k: 'c2VjcmV0', kid: 'one' }, 'RS256', false], [{ ...small, kid: 'one' }, 'RS256', false], [{ ...one, e: 'AQ' }, 'RS256', false],
      [{ ...one, d: 'AQAB' }, 'RS256', false], [{ ...one, alg: 'none' }, 'RS256', false], [{ ...one, alg: 'HS256' }, 'RS256', false], [{ kty: 'RSA', kid: 'one' }, 'RS256', false],
    ]
    for (const [jwk, alg, accepted] of cases) {
      expect([jwk, alg, await isAccepted('one', inline(jwk), alg)]).toEqual([jwk, alg, accepted])
    }
  })

  it('are kept apart by address', async () => {
    expect(await isAccepted('one')).toBe(true)
    served = { keys: [three] }
    expect(await isAccepted('three', { ...issuer, jwks_uri: `${issuer.jwks_uri}/other` })).toBe(true)
    expect(await isAccepted('three')).toBe(false)
  })
})

describe('a key set given by hand', () => {
  it('may hold keys for encryption beside those for signatures, but no secret and nothing weak', () => {
    expect(keySetProblem({ keys: [one, two] })).toBeNull()
    expect(keySetProblem({ keys: [one, { ...two, use: 'enc' }] })).toBeNull()

    const bad: unknown[] = [
      {},
      { keys: [] },
      { keys: {} },
      [],
      null,
      { keys: [null] },
      { keys: ['x'] },
      { keys: [{ ...one, d: 'x' }] },
      { keys: [{ ...one, use: 'enc' }] },
      { keys: [one, one] },
      { keys: [{ kty: 'oct', k: 'x' }] },
      { keys: [{ kty: 'oct' }] },
      { keys: [{ ...one, kid: 5 }] },
      { keys: Array.from({ length: 101 }, () => one) },
    ]
    for (const each of bad) expect([each, keySetProblem(each)]).toEqual([each, expect.any(String)])
  })
})

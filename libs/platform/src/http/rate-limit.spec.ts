import { DomainError } from '#kernel'
import { Config } from '../config/config.ts'
import { refused } from '../auth/refusal.ts'
import { RateLimit } from './rate-limit.ts'

let limit: RateLimit
let lookUps: number

const outcome = (address: string, isGood: boolean): Promise<string> =>
  limit
    .guardFailures(address, async () => {
      lookUps++
      if (!isGood) throw refused('a wrong secret')
      return 'good'
    })
    .catch((error: unknown) => (error instanceof DomainError ? error.code : String(error)))

beforeEach(() => {
  limit = new RateLimit(new Config({ NODE_ENV: 'test' }))
  lookUps = 0
})

async function guess(address: string, times: number): Promise<void> {
  for (let attempt = 0; attempt < times; attempt++) await outcome(address, false)
}

test('an address with 3,000 refused credentials in a minute costs no further look-up, and no other address suffers', async () => {
  await guess('192.0.2.1', 2999)
  expect([await outcome('192.0.2.1', true), await outcome('192.0.2.1', false)]).toEqual(['good', 'unauthenticated'])
  lookUps = 0
  expect([await outcome('192.0.2.1', false), await outcome('192.0.2.1', true)]).toEqual([
    'rate_limited',
    'rate_limited',
  ])
  expect(lookUps).toBe(0)
  expect([await outcome('192.0.2.2', true), await outcome('192.0.2.2', false)]).toEqual(['good', 'unauthenticated'])
})

test('good credentials do not count towards the refused ones of their address', async () => {
  for (let request = 0; request < 3001; request++) await outcome('192.0.2.1', true)
  expect(await outcome('192.0.2.1', true)).toBe('good')
})

test('an address that is refused unheard is told until when', async () => {
  await guess('192.0.2.1', 3000)
  const error: unknown = await limit.guardFailures('192.0.2.1', () => Promise.resolve()).catch((each: unknown) => each)
  const seconds = error instanceof DomainError ? Number(error.headers['retry-after']) : NaN
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(60)
})

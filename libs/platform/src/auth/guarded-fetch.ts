import ipaddr from 'ipaddr.js'
import type { LookupAddress } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'

export interface FetchRules {
  /** Also private and loopback addresses, and http. */
  readonly allowPrivate: boolean
  /** Of public hosts only the port 443 is asked. */
  readonly standardPort?: boolean
  readonly maximumBytes?: number
  readonly timeoutMs?: number
}

const privateRanges = ['private', 'loopback', 'uniqueLocal']
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')
/** Public by its range, but it is Azure's own, and answers each machine there about itself. */
const wireServer = '168.63.129.16'
const localName = /(?:^|\.)localhost\.?$/i

/** The address leads to a host that is not public, or is not one that is asked at all. */
export class RefusedAddress extends Error {}

/**
 * The text at an address that somebody else named. Only public hosts are asked, at the very address that was checked;
 * redirects are not followed; size and time are limited. @throws Error with the reason, for the log
 */
export async function guardedFetch(address: string, rules: FetchRules): Promise<string> {
  const { maximumBytes = 256 * 1024 } = rules
  const response = await ask(address, { method: 'GET', headers: { accept: 'application/json' } }, rules)
  try {
    if (response.statusCode !== 200) throw new Error(`the answer has the status ${response.statusCode}`)
    if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') throw new Error('the answer is compressed')
    return await readText(response, maximumBytes)
  } finally {
    response.destroy()
  }
}

/**
 * Sends a body under the same guard, and answers the status. Of the answer's body 64 KiB are taken and forgotten, so that
 * the other side can finish what it says. @throws RefusedAddress, or another Error when no status came
 */
export async function guardedPost(
  address: string,
  { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  rules: FetchRules,
): Promise<number> {
  const { maximumBytes = 64 * 1024 } = rules
  const response = await ask(address, { method: 'POST', headers, body }, rules)
  await readText(response, maximumBytes).catch(() => undefined)
  response.destroy()
  return response.statusCode ?? 0
}

/** Why an address will not be fetched, or null; a name may still turn out to lead to a private host. */
export function addressProblem(address: string, { allowPrivate, standardPort = false }: FetchRules): string | null {
  if (!URL.canParse(address)) return 'is not a URL'
  const { protocol, hostname, port, username, password } = new URL(address)
  if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:')) return 'must start with https://'
  if (username !== '' || password !== '') return 'must not hold a user or a password'
  if (standardPort && !allowPrivate && port !== '') return 'must not name a port other than 443'
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isAllowed(host, allowPrivate)) return 'leads to an address that is not public'
  if (localName.test(host) && !allowPrivate) return 'leads to an address that is not public'
  return null
}

/**
 * Hands the socket only addresses that were checked, so that a second answer of the name server changes nothing.
 * @param signal ends the look-up
 */
export function guardedLookup({ allowPrivate }: FetchRules, signal: AbortSignal): LookupFunction {
  return (hostname, options, callback) => {
    const use = (addresses: readonly LookupAddress[]): void => {
      const refused = addresses.find(({ address }) => !isAllowed(address, allowPrivate))
      const [first] = addresses
      if (refused || !first) {
        callback(new RefusedAddress(`${hostname} leads to ${refused?.address ?? 'no address'}`), '', 0)
      } else if (options.all) {
        callback(null, [...addresses])
      } else {
        callback(null, first.address, first.family)
      }
    }
    addressesOf(hostname, signal).then(use, (error: NodeJS.ErrnoException) => callback(error, '', 0))
  }
}

/**
 * What the name servers say. The system's resolver (`dns.lookup`) would wait for a silent one in one of the few threads
 * that the whole process has for it, and nothing would end that.
 */
async function addressesOf(hostname: string, signal: AbortSignal): Promise<LookupAddress[]> {
  if (localName.test(hostname)) return [...ofFamily(4, ['127.0.0.1']), ...ofFamily(6, ['::1'])]
  const resolver = new Resolver({ timeout: 1000, tries: 2 })
  signal.addEventListener('abort', () => resolver.cancel(), { once: true })
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason
  return [
    ...(four.status === 'fulfilled' ? ofFamily(4, four.value) : []),
    ...(six.status === 'fulfilled' ? ofFamily(6, six.value) : []),
  ]
}

function ofFamily(family: 4 | 6, addresses: readonly string[]): LookupAddress[] {
  return addresses.map((address) => ({ address, family }))
}

/** @param address in one of the forms of the system's resolver */
export function isAllowed(address: string, allowPrivate: boolean): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  const range: string = parsed.range()
  if (allowPrivate && privateRanges.includes(range)) return true
  if (range !== 'unicast' || parsed.toString() === wireServer) return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast)
}

interface Asking {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

async function ask(address: string, { method, headers, body }: Asking, rules: FetchRules): Promise<IncomingMessage> {
  const problem = addressProblem(address, rules)
  if (problem !== null) throw new RefusedAddress(problem)
  const url = new URL(address)
  const signal = AbortSignal.timeout(rules.timeoutMs ?? 5000)
  const options: RequestOptions = {
    method,
    agent: false,
    lookup: guardedLookup(rules, signal),
    signal,
    maxHeaderSize: 16 * 1024,
    headers: { 'accept-encoding': 'identity', 'user-agent': 'castellan', ...headers },
  }
  return new Promise((answer, fail) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options)
    request.once('response', answer).on('error', fail).end(body)
  })
}

async function readText(response: IncomingMessage, maximumBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maximumBytes) throw new Error(`the answer is larger than ${maximumBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { addressProblem, guardedFetch, guardedLookup, isAllowed } from './guarded-fetch.ts'

const publicOnly = { allowPrivate: false }
// prettier-ignore
const all = { allowPrivate: true }

let server: Server
let url: string
let requests: string[]

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(`${request.headers.host} ${request.url}`)
    if (request.url === '/keys') response.end('{"keys":[]}')
    else if (request.url === '/redirect') response.writeHead(302, { location: '/keys' }).end()
    else if (request.url === '/missing') response.writeHead(404).end()
    else if (request.url === '/zipped') response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')
    else if (request.url === '/large') response.end(Buffer.alloc(10 * 1024 * 1024, ' '))
    else if (request.url === '/slow') response.write('{')
    else if (request.url === '/cut')
      response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

beforeEach(() => {
  requests = []
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('a guarded fetch', () => {
  it('brings the text of a host that may be asked', async () => {
    await expect(guardedFetch(`${url}/keys`, all)).resolves.toBe('{"keys":[]}')
  })

  it('never leaves for an address that is not public, however it is written', async () => {
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '0177.0.0.1',
      '0',
      '0.0.0.0',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '0xa9fea9fe',
      '2852039166',
      '100.64.0.1',
      '192.0.0.192',
      '168.63.129.16',
      '198.18.0.1',
      '192.0.2.1',
      '203.0.113.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '[::]',
      '[::1]',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::127.0.0.1]',
      '[::ffff:0:127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[64:ff9b:1::7f00:1]',
      '[2002:7f00:1::]',
      '[2001:0:7f00:1::]',
      '[fe80::1]',
      '[fec0::1]',
      '[fc00::1]',
      '[fd00:ec2::254]',
      '[ff02::1]',
      '[2001:db8::1]',
      '[100::1]',
      'localhost',
      'LOCALHOST',
      'localhost.',
      'api.localhost',
    ]
    for (const host of hosts) {
      expect([host, addressProblem(`https://${host}/keys`, publicOnly)]).toEqual([
        host,
        'leads to an address that is not public',
      ])
      await expect(guardedFetch(`https://${host}/keys`, publicOnly)).rejects.toThrow('not public')
    }
  })

  it('refuses a name that leads to such an address, when it is looked up', async () => {
    const looked = (allowPrivate: boolean, every: boolean): Promise<unknown> =>
      new Promise((resolve) =>
        guardedLookup({ allowPrivate }, new AbortController().signal)('localhost', { all: every }, (error, address) =>
          resolve(error ?? address),
        ),
      )
    for (const every of [true, false]) {
      expect(String(await looked(false, every))).toMatch(/localhost leads to (127\.0\.0\.1|::1)/)
    }
    expect(await looked(true, true)).toContainEqual(
      expect.objectContaining({ address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) as unknown }),
    )
    expect(await looked(true, false)).toMatch(/^(127\.0\.0\.1|::1)$/)
  })

  it('refuses other schemes, users in the address, and what is no address', () => {
    const addresses = [
      'http://id.example/keys',
      'ftp://id.example/keys',
      'file:///etc/passwd',
      'https://user@id.example/keys',
      'https://:secret@id.example/',
      'https://',
      'keys',
      '',
    ]
    for (const address of addresses)
      expect([address, addressProblem(address, publicOnly)]).toEqual([address, expect.any(String)])
    expect(addressProblem('https://id.example/keys', publicOnly)).toBeNull()
    expect(addressProblem('https://8.8.8.8/keys', publicOnly)).toBeNull()
    expect(addressProblem('https://[2606:4700::1111]/keys', publicOnly)).toBeNull()
  })

  it('with private addresses allowed still refuses those of the cloud and of nobody', () => {
    for (const address of [
      '169.254.169.254',
      'fe80::1',
      '0.0.0.0',
      '224.0.0.1',
      '100.64.0.1',
      '::ffff:169.254.169.254',
      '168.63.129.16',
      '::ffff:168.63.129.16',
    ])
      expect(isAllowed(address, true)).toBe(false)
    for (const address of ['127.0.0.1', '10.0.0.1', '::1', 'fd00::1', '8.8.8.8'])
      expect(isAllowed(address, true)).toBe(true)
  })

  it('follows no redirect', async () => {
    await expect(guardedFetch(`${url}/redirect`, all)).rejects.toThrow('status 302')
    expect(requests).toHaveLength(1)
  })

  it('takes nothing but 200, uncompressed', async () => {
    await expect(guardedFetch(`${url}/missing`, all)).rejects.toThrow('status 404')
    await expect(guardedFetch(`${url}/zipped`, all)).rejects.toThrow('compressed')
  })

  it('stops reading at 256 KiB', async () => {
    await expect(guardedFetch(`${url}/large`, all)).rejects.toThrow('larger than 262144 bytes')
  })

  it('gives up on a server that hangs, in the answer or before it, or that breaks off', async () => {
    for (const path of ['/slow', '/never']) {
      const start = performance.now()
      await expect(guardedFetch(`${url}${path}`, { ...all, timeoutMs: 200 })).rejects.toThrow()
      expect(performance.now() - start).toBeLessThan(2000)
    }
    await expect(guardedFetch(`${url}/cut`, all)).rejects.toThrow()
  })
})

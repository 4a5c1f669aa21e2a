import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

// A name server of somebody else, whose names lead to us.
class Resolver {
  resolve4 = (): Promise<string[]> => Promise.resolve(['127.0.0.1'])
  resolve6 = (): Promise<string[]> => Promise.reject(new Error('ENODATA'))
  cancel(): void {}
}
interface ModuleMocks {
  unstable_mockModule(name: string, make: () => object): void
}
const { jest: mocks } = import.meta as unknown as { jest: ModuleMocks }
mocks.unstable_mockModule('node:dns/promises', () => ({ Resolver }))
const { guardedPost, RefusedAddress } = await import('./guarded-fetch.ts')

const all = { allowPrivate: true }

let server: Server
let port: number
let requests: { method: string | undefined; headers: IncomingHttpHeaders; body: string }[]

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      requests.push({ method: request.method, headers: request.headers, body })
      if (request.url === '/redirect') response.writeHead(307, { location: '/' }).end()
      else if (request.url === '/large') response.end(Buffer.alloc(10 * 1024 * 1024, ' '))
      else if (request.url === '/slow') response.writeHead(200).write('…')
      else if (request.url !== '/never') response.writeHead(202).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

beforeEach(() => {
  requests = []
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const post = (path: string, rules: object = {}): Promise<number> =>
  guardedPost(
    `http://hooks.example:${port}${path}`,
    { body: '{"a":1}', headers: { 'webhook-id': '1' } },
    { ...all, ...rules },
  )

describe('a guarded POST', () => {
  it('brings body and headers to a host that may be asked, and the status back', async () => {
    expect(await post('/')).toBe(202)
    expect(requests).toEqual([
      {
        method: 'POST',
        body: '{"a":1}',
        headers: expect.objectContaining({
          host: `hooks.example:${port}`,
          'webhook-id': '1',
          'user-agent': 'castellan',
        }),
      },
    ])
  })

  it('never reaches a host that is not public, though its name looks so', async () => {
    const sent = guardedPost(`https://hooks.example:${port}/`, { body: '{}', headers: {} }, { allowPrivate: false })
    await expect(sent).rejects.toThrow(RefusedAddress)
    await expect(sent).rejects.toThrow('hooks.example leads to 127.0.0.1')
    expect(requests).toEqual([])
  })

  it('follows no redirect', async () => {
    expect(await post('/redirect')).toBe(307)
    expect(requests).toHaveLength(1)
  })

  it('takes the status of an answer that is too large or never ends', async () => {
    expect(await post('/large')).toBe(200)
    expect(await post('/slow', { timeoutMs: 200 })).toBe(200)
  })

  it('gives up on a host that does not answer', async () => {
    await expect(post('/never', { timeoutMs: 200 })).rejects.toMatchObject({ name: 'AbortError' })
  })
})

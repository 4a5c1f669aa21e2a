import { createSocket } from 'node:dgram'
import { lookup, Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { isIPv4, type AddressInfo } from 'node:net'

let cancelled = 0
let port = 0

class OwnResolver extends Resolver {
  constructor(options: ConstructorParameters<typeof Resolver>[0]) {
    super(options)
    this.setServers([`127.0.0.1:${port}`])
  }

  override cancel(): void {
    cancelled++
    super.cancel()
  }
}

interface ModuleMocks {
  unstable_mockModule(name: string, make: () => object): void
}
const { jest: mocks } = import.meta as unknown as { jest: ModuleMocks }
mocks.unstable_mockModule('node:dns/promises', () => ({ Resolver: OwnResolver }))
const { guardedLookup, guardedPost, RefusedAddress } = await import('./guarded-fetch.ts')

/** What the name server knows; of other names it says nothing at all. */
const known: Record<string, readonly string[]> = {
  'both.example': ['8.8.8.8', '2606:4700::1111'],
  'six.example': ['2606:4700::1111'],
  'rebinding.example': ['8.8.8.8', '10.0.0.1'],
  'inner-six.example': ['8.8.8.8', 'fd00::1'],
  'azure.example': ['168.63.129.16'],
  'nowhere.example': [],
}

const nameServer = createSocket('udp4')
let asked: string[] = []

nameServer.on('message', (query, { port: from, address }) => {
  const end = query.indexOf(0, 12)
  const name = query.toString('latin1', 13, end).replace(/[^a-z0-9-]/g, '.')
  asked.push(name)
  const type = query.readUInt16BE(end + 1)
  const found = known[name]?.filter((each) => isIPv4(each) === (type === 1))
  if (!found) return
  const header = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x81, 0x80, 0, 1, 0, found.length, 0, 0, 0, 0])
  const answers = found.map((each) => {
    const bytes = bytesOf(each)
    return Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, bytes.length, ...bytes])
  })
  nameServer.send(Buffer.concat([header, query.subarray(12, end + 5), ...answers]), from, address)
})

function bytesOf(address: string): number[] {
  if (isIPv4(address)) return address.split('.').map(Number)
  const [head = '', tail = ''] = address.split('::')
  const words = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const zeros = Array<string>(8 - words(head).length - words(tail).length).fill('0')
  return [...words(head), ...zeros, ...words(tail)].flatMap((word) => {
    const value = Number.parseInt(word, 16)
    return [value >> 8, value & 255]
  })
}

beforeAll(async () => {
  nameServer.bind(0, '127.0.0.1')
  await once(nameServer, 'listening')
  port = (nameServer.address() as AddressInfo).port
})

beforeEach(() => {
  asked = []
  cancelled = 0
})

afterAll(() => nameServer.close())

const looked = (name: string): Promise<unknown> =>
  new Promise((resolve) =>
    guardedLookup({ allowPrivate: false }, new AbortController().signal)(name, { all: true }, (error, addresses) =>
      resolve(error ?? addresses),
    ),
  )

describe('a guarded look-up', () => {
  it('gives the addresses of both families that the name servers know', async () => {
    const [four, six] = [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]
    expect(await looked('both.example')).toEqual([four, six])
    expect(await looked('six.example')).toEqual([six])
    expect(await looked('nowhere.example')).toMatchObject({ code: 'ENODATA' })
  })

  it('refuses a name of which one address is not public', async () => {
    expect(await looked('rebinding.example')).toEqual(new RefusedAddress('rebinding.example leads to 10.0.0.1'))
    expect(await looked('inner-six.example')).toEqual(new RefusedAddress('inner-six.example leads to fd00::1'))
    expect(await looked('azure.example')).toEqual(new RefusedAddress('azure.example leads to 168.63.129.16'))
  })

  it('asks nobody for localhost', async () => {
    expect(await looked('api.localhost')).toEqual(new RefusedAddress('api.localhost leads to 127.0.0.1'))
    expect(asked).toEqual([])
  })

  it('of a silent name server holds up no other look-up of the process, and ends with the time of its request', async () => {
    let ended = 0
    const send = (): Promise<unknown> =>
      guardedPost('https://silent.example/', { body: '', headers: {} }, { allowPrivate: false, timeoutMs: 1500 })
    const requests = Array.from({ length: 16 }, async () => {
      await expect(send()).rejects.toMatchObject({ name: 'AbortError' })
      ended++
    })
    await lookup('localhost')
    expect(ended).toBe(0)
    await Promise.all(requests)
    expect(asked).toContain('silent.example')
    expect(cancelled).toBe(16)
  })
})

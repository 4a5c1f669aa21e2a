import { ReadsOfATurn } from './reads-of-a-turn.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Reads that end when they are told to. */
function reads() {
  const shared = new ReadsOfATurn<number>()
  const open: ((error?: Error) => void)[] = []
  const ask = (key = 'key'): Promise<number> =>
    shared.get(key, () => {
      const number = open.length
      return new Promise((resolve, reject) => open.push((error) => (error ? reject(error) : resolve(number))))
    })
  return { ask, open }
}

it('answers all who ask in one turn by one read, which begins after they have asked', async () => {
  const { ask, open } = reads()
  const answers = [ask(), ask(), Promise.resolve().then(() => ask())]
  expect(open).toHaveLength(0)
  await turn()
  expect(open).toHaveLength(1)
  open[0]?.()
  expect(await Promise.all(answers)).toEqual([0, 0, 0])
})

it('answers nobody by a read that began before the question, and lets nobody wait for it', async () => {
  const { ask, open } = reads()
  const first = ask()
  await turn()
  const later = ask()
  await turn()
  expect(open).toHaveLength(2)
  open[1]?.()
  expect(await later).toBe(1)
  open[0]?.()
  expect(await first).toBe(0)
})

it('tells all who asked of a failure, and those of the next turn nothing of it', async () => {
  const { ask, open } = reads()
  const failing = Promise.allSettled([ask(), ask()])
  await turn()
  open[0]?.(new Error('down'))
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const next = ask()
  await turn()
  open[1]?.()
  expect(await next).toBe(1)
})

it('rejects, and nothing else, when a read cannot even begin', async () => {
  const shared = new ReadsOfATurn<number>()
  const broken = (): Promise<number> => {
    throw new Error('broken')
  }
  await expect(shared.get('key', broken)).rejects.toThrow('broken')
})

it('keeps what is asked by other names apart', async () => {
  const { ask, open } = reads()
  const answers = [ask('one'), ask('other')]
  await turn()
  expect(open).toHaveLength(2)
  for (const end of open) end()
  expect(await Promise.all(answers)).toEqual([0, 1])
})

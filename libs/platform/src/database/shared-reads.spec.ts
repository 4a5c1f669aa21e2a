import { SharedReads } from './shared-reads.ts'

/** Reads that end when they are told to. */
function reads() {
  const shared = new SharedReads<number>()
  const open: ((error?: Error) => void)[] = []
  const ask = (key = 'key'): Promise<number> =>
    shared.get(key, () => {
      const number = open.length
      return new Promise((resolve, reject) => open.push((error) => (error ? reject(error) : resolve(number))))
    })
  return { ask, open }
}

it('answers nobody by a read that began before the question', async () => {
  const { ask, open } = reads()
  const first = ask()
  const later = [ask(), ask()]
  expect(open).toHaveLength(1)
  open[0]?.()
  expect(await first).toBe(0)
  await Promise.resolve()
  expect(open).toHaveLength(2)
  const latest = ask()
  open[1]?.()
  expect(await Promise.all(later)).toEqual([1, 1])
  await Promise.resolve()
  expect(open).toHaveLength(3)
  open[2]?.()
  expect(await latest).toBe(2)
})

it('begins at once when nothing is under way, also after a failure', async () => {
  const { ask, open } = reads()
  const failing = ask()
  const waiting = ask()
  open[0]?.(new Error('down'))
  await expect(failing).rejects.toThrow('down')
  await Promise.resolve()
  open[1]?.()
  expect(await waiting).toBe(1)
  await Promise.resolve()
  const next = ask()
  expect(open).toHaveLength(3)
  open[2]?.()
  expect(await next).toBe(2)
})

it('keeps what is asked by other names apart', async () => {
  const { ask, open } = reads()
  const answers = [ask('one'), ask('other')]
  expect(open).toHaveLength(2)
  for (const end of open) end()
  expect(await Promise.all(answers)).toEqual([0, 1])
})

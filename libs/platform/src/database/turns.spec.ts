import { Turns } from './turns.ts'

/** Work that ends when it is told to. */
function held(): { work: () => Promise<void>; end: () => void; started: () => boolean } {
  let end = (): void => undefined
  let started = false
  const ended = new Promise<void>((resolve) => (end = resolve))
  return { work: () => ((started = true), ended), end: () => end(), started: () => started }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('at most the limit is at it at once, and the next begins when one ends, in order', async () => {
  const turns = new Turns(2, 1000)
  const all = [held(), held(), held(), held()]
  const running = all.map(({ work }) => turns.take('a', work))
  await settled()
  expect(all.map(({ started }) => started())).toEqual([true, true, false, false])
  all[1]?.end()
  await settled()
  expect(all.map(({ started }) => started())).toEqual([true, true, true, false])
  for (const { end } of all) end()
  await Promise.all(running)
  expect(all[3]?.started()).toBe(true)
})

test('another name does not wait, and work that fails gives its turn back', async () => {
  const turns = new Turns(1, 1000)
  const first = held()
  const running = turns.take('a', first.work)
  await turns.take('b', async () => undefined)
  first.end()
  await running
  await expect(turns.take('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await turns.take('a', async () => undefined)
})

test('who waits too long is told to try again, and its place is not taken up', async () => {
  const turns = new Turns(1, 20)
  const first = held()
  const running = turns.take('a', first.work)
  const late = held()
  await expect(turns.take('a', late.work)).rejects.toMatchObject({ code: 'unavailable' })
  first.end()
  await running
  await turns.take('a', async () => undefined)
  expect(late.started()).toBe(false)
})

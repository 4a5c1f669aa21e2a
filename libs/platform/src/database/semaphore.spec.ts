import { Semaphore } from './semaphore.ts'

/** Who has a permit, or was refused, in the order in which it happened. */
function queue(permits: number, waitMs: number) {
  const semaphore = new Semaphore(permits, waitMs)
  const events: string[] = []
  const ask = (name: string, tenant = ''): Promise<void> =>
    new Promise((resolve) =>
      semaphore.acquire(tenant, (error) => {
        events.push(error ? `${name} refused` : name)
        resolve()
      }),
    )
  return { semaphore, events, ask }
}

test('only so many have a permit, the others in the order in which they came', () => {
  const { semaphore, events, ask } = queue(2, 1000)
  for (const name of ['a', 'b', 'c', 'd']) void ask(name)
  expect(events).toEqual(['a', 'b'])
  semaphore.release()
  expect(events).toEqual(['a', 'b', 'c'])
  for (let held = 3; held > 0; held--) semaphore.release()
  for (const name of ['e', 'f', 'g']) void ask(name)
  expect(events).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  semaphore.stop()
})

test('who has waited too long is refused and takes no permit, and who comes later is served', async () => {
  const { semaphore, events, ask } = queue(1, 20)
  await ask('a')
  await Promise.all([ask('b'), ask('c')])
  void ask('d')
  semaphore.release()
  expect(events).toEqual(['a', 'b refused', 'c refused', 'd'])
  semaphore.release()
  await ask('e')
  expect(events.at(-1)).toBe('e')
  semaphore.stop()
})

test('many who wait for one name do not hold up another: each name has its turn', () => {
  const { semaphore, events, ask } = queue(1, 1000)
  for (const name of ['a1', 'a2', 'a3', 'a4']) void ask(name, 'a')
  for (const name of ['b1', 'b2']) void ask(name, 'b')
  void ask('c1', 'c')
  for (let released = 0; released < 7; released++) semaphore.release()
  expect(events).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
  void ask('d1', 'd')
  expect(events.at(-1)).toBe('d1')
  semaphore.stop()
})

import { inTurn } from './pauses.ts'

function hold(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

test('work that holds the thread for long leaves it to others in between, and is done in order', async () => {
  const done: string[] = []
  setImmediate(() => done.push('somebody else'))
  const made = await inTurn(['a', 'b', 'c'], async (name, index) => {
    hold(10)
    done.push(name)
    return name + index
  })
  expect(made).toEqual(['a0', 'b1', 'c2'])
  expect(done).toEqual(['a', 'somebody else', 'b', 'c'])
})

test('the first failure ends it', async () => {
  const begun: number[] = []
  const work = inTurn([1, 2, 3], async (n) => {
    begun.push(n)
    if (n === 2) throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  expect(begun).toEqual([1, 2])
})

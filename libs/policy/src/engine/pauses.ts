import { setImmediate } from 'node:timers/promises'

const sliceMs = 8

/** Between the pieces of long work: lets others have the thread whenever it was held for some milliseconds. */
export function pauses(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < sliceMs) return
    await setImmediate()
    since = performance.now()
  }
}

/** What `work` makes of each, one after the other, with pauses for others. */
export async function inTurn<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const pause = pauses()
  const done: R[] = []
  for (const [index, item] of items.entries()) {
    await pause()
    done.push(await work(item, index))
  }
  return done
}

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

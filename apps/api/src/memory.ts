import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Collects what the start left behind. V8 sizes its heap by what lived through the last full collection and would not
 * make one before several hundred megabytes: with this one, the process stays small under load.
 */
export function collectStartGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

import { DomainError } from '#kernel'

const fewAttempts = 4
const patienceMs = 15_000

/** What a change rests on was changed by somebody else since it was read. */
export class Outdated extends DomainError {
  constructor() {
    super('write_conflict', 'Another request changed the same data at the same time; try again')
  }
}

/** Begins anew when what the work rests on has become {@link Outdated}: a few times, and for as long as a caller waits gladly. */
export async function settled<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const tired = attempt >= fewAttempts && performance.now() - started > patienceMs
      if (!(error instanceof Outdated) || tired) throw error
    }
  }
}

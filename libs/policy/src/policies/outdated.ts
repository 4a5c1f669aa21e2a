import { DomainError } from '#kernel'

const attempts = 4

/** What a change rests on was changed by somebody else since it was read. */
export class Outdated extends DomainError {
  constructor() {
    super('write_conflict', 'Another request changed the same data at the same time; try again')
  }
}

/** Begins anew when what the work rests on has become {@link Outdated}, a few times. */
export async function settled<T>(work: () => Promise<T>): Promise<T> {
  for (let left = attempts; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Outdated) || left <= 1) throw error
    }
  }
}

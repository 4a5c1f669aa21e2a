interface Line<T> {
  /** Settles, without failing, when the read that is under way has ended. */
  running: Promise<void>
  /** The read that begins then, for all who have asked since. */
  next: Promise<T> | null
}

/**
 * One read for all who ask the same at the same time. Whoever asks is answered by a read that began after the question,
 * never by one already under way: what was committed before the question is in the answer.
 */
export class SharedReads<T> {
  readonly #lines = new Map<string, Line<T>>()

  get(key: string, read: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key)
    if (line) return (line.next ??= line.running.then(() => this.#begin(key, line, read)))
    const first: Line<T> = { running: Promise.resolve(), next: null }
    this.#lines.set(key, first)
    return this.#begin(key, first, read)
  }

  #begin(key: string, line: Line<T>, read: () => Promise<T>): Promise<T> {
    line.next = null
    const result = read()
    const ended = (): void => {
      if (line.next === null) this.#lines.delete(key)
    }
    line.running = result.then(ended, ended)
    return result
  }
}

/**
 * One read for all who ask the same in one turn of the event loop. It begins when the turn has taken in what had arrived, so whatever
 * was committed before one of them asked is in the answer, and nobody waits for a read that is under way.
 */
export class ReadsOfATurn<T> {
  readonly #asked = new Map<string, Promise<T>>()

  get(key: string, read: () => Promise<T>): Promise<T> {
    const asked = this.#asked.get(key)
    if (asked) return asked
    const answer = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#asked.delete(key)
      return read()
    })
    this.#asked.set(key, answer)
    return answer
  }
}

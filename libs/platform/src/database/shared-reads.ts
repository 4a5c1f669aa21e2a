/**
 * One read for all who ask the same at the same time. Whoever asks is answered by a read that began after the question,
 * never by one already under way: what was committed before the question is in the answer.
 */
export class SharedReads<T> {
  readonly #running = new Map<string, Promise<void>>()
  readonly #next = new Map<string, Promise<T>>()

  get(key: string, read: () => Promise<T>): Promise<T> {
    const next = this.#next.get(key)
    if (next) return next
    const running = this.#running.get(key)
    if (!running) return this.#start(key, read)
    const started = running.then(() => {
      this.#next.delete(key)
      return this.#start(key, read)
    })
    this.#next.set(key, started)
    return started
  }

  #start(key: string, read: () => Promise<T>): Promise<T> {
    const result = read()
    const ended = (): void => void this.#running.delete(key)
    this.#running.set(key, result.then(ended, ended))
    return result
  }
}

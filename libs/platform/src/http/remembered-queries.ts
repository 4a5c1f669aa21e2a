import { currentContext } from '../tenancy/context.ts'

const mostQueries = 1000
const longestQuery = 1024

/**
 * Queries that passed their check, by tenant, class and text: who polls or pages sends the same ones again and again. All
 * who send one share it, so it is frozen. When there are too many the oldest one goes.
 */
export class RememberedQueries {
  readonly #known = new Map<string, object>()
  readonly #classes = new WeakMap<object, number>()
  #classCount = 0

  get(type: object, query: object, read: () => object): object {
    const key = `${currentContext()?.tenantId} ${this.#numberOf(type)} ${JSON.stringify(query)}`
    const known = this.#known.get(key)
    if (known) return known
    const passed = Object.freeze(read())
    if (key.length > longestQuery) return passed
    this.#known.set(key, passed)
    if (this.#known.size > mostQueries) this.#known.delete(this.#known.keys().next().value ?? '')
    return passed
  }

  #numberOf(type: object): number {
    let number = this.#classes.get(type)
    if (number === undefined) this.#classes.set(type, (number = this.#classCount++))
    return number
  }
}

import type { Cedar } from './instance.ts'
import type { PolicySet } from './cedar.ts'

export interface PreparedSettings {
  /** How many sets stand prepared at once. */
  readonly slots: number
  /** Characters of JSON in all of them together; Cedar holds some three times as many bytes. */
  readonly weight: number
}

export const preparedDefaults: PreparedSettings = { slots: 256, weight: 8 * 1024 * 1024 }

interface Slot {
  readonly name: string
  readonly weight: number
}

/**
 * Sets of rules that Cedar has parsed and keeps by name. It has no way to drop one, so the names are a fixed number:
 * the set that was asked for longest ago gives up its own. What a trap took is prepared again when it is asked for.
 */
export class PreparedSets {
  readonly #cedar: Cedar
  readonly #settings: PreparedSettings
  /** By what they hold, the one asked for longest ago first. */
  readonly #slots = new Map<string, Slot>()
  #free: string[] = []
  #generation = 0
  #weight = 0

  constructor(cedar: Cedar, settings: Partial<PreparedSettings> = {}) {
    this.#cedar = cedar
    this.#settings = { ...preparedDefaults, ...settings }
    this.#forget()
  }

  /** How many stand prepared. */
  get size(): number {
    return this.#slots.size
  }

  get weight(): number {
    return this.#weight
  }

  /**
   * The name under which Cedar has the set.
   * @param key names what is in the set: another content, another key
   * @throws CedarTrap; SetRefused with Cedar's message when it cannot read the set
   */
  name(key: string, weigh: () => number, set: () => PolicySet): string {
    if (this.#generation !== this.#cedar.generation) this.#forget()
    const known = this.#slots.get(key)
    if (known !== undefined) {
      this.#slots.delete(key)
      this.#slots.set(key, known)
      return known.name
    }
    const weight = weigh()
    while (this.#slots.size > 0 && (this.#free.length === 0 || this.#weight + weight > this.#settings.weight))
      this.#giveUp()
    return this.#prepare(key, weight, set())
  }

  #prepare(key: string, weight: number, set: PolicySet): string {
    const name = this.#free.pop()
    if (name === undefined) throw new Error('there is at least one slot')
    const answer = this.#cedar.call((api) => api.preparsePolicySet(name, set))
    if (answer.type === 'failure') {
      this.#free.push(name)
      throw new SetRefused(answer.errors.map(({ message }) => message).join('; '))
    }
    this.#slots.set(key, { name, weight })
    this.#weight += weight
    return name
  }

  /** Emptied at once: until the name is used again its rules would still take their memory. */
  #giveUp(): void {
    const [oldest] = this.#slots
    if (oldest === undefined) return
    const [key, { name, weight }] = oldest
    this.#slots.delete(key)
    this.#weight -= weight
    this.#free.push(name)
    this.#cedar.call((api) => api.preparsePolicySet(name, {}))
  }

  #forget(): void {
    this.#slots.clear()
    this.#weight = 0
    this.#free = Array.from({ length: this.#settings.slots }, (_, index) => `slot${index}`)
    this.#generation = this.#cedar.generation
  }
}

export class SetRefused extends Error {}

import { CompiledSet } from './compiled-set.ts'
import type { LiveSet } from './types.ts'

/** Characters of rules kept ready in this process, of all tenants together. */
const mostWeight = 32 * 1024 * 1024

/** The live sets that were asked for last, one version of each tenant. */
export class LiveSets {
  readonly #mostWeight: number
  /** The one asked for longest ago first. */
  readonly #sets = new Map<string, CompiledSet>()
  readonly #loading = new Map<string, Promise<CompiledSet>>()

  constructor(weight = mostWeight) {
    this.#mostWeight = weight
  }

  get size(): number {
    return this.#sets.size
  }

  /** Many who ask for a version at once load it once. */
  async get(set: LiveSet): Promise<CompiledSet> {
    const { tenantId } = set
    const wanted = String(set.version)
    const known = this.#sets.get(tenantId)
    if (known?.version === wanted) {
      this.#sets.delete(tenantId)
      this.#sets.set(tenantId, known)
      return known
    }
    const key = `${tenantId} ${wanted}`
    const loading = this.#loading.get(key) ?? this.#load(set, wanted)
    this.#loading.set(key, loading)
    try {
      return await loading
    } finally {
      this.#loading.delete(key)
    }
  }

  async #load(live: LiveSet, version: string): Promise<CompiledSet> {
    const { tenantId } = live
    const set = await CompiledSet.of(tenantId, version, await live.load())
    this.#sets.delete(tenantId)
    this.#sets.set(tenantId, set)
    let weight = 0
    for (const each of this.#sets.values()) weight += each.weight
    for (const [oldest, { weight: freed }] of this.#sets) {
      if (weight <= this.#mostWeight || oldest === tenantId) break
      this.#sets.delete(oldest)
      weight -= freed
    }
    return set
  }
}

import { createHash, randomBytes } from 'node:crypto'

/**
 * The keys that a file has named so far, sixteen bytes each: 64 bits of a hash with a secret salt, in a table that is at
 * most half full. Among ten million lines one is taken for another's with a chance of three in a million.
 */
export class SeenKeys {
  readonly #salt = randomBytes(16)
  #table = new BigUint64Array(1024)
  #size = 0

  /** False when the key has been added before. */
  add(key: string): boolean {
    const hash = createHash('sha256').update(this.#salt).update(key).digest().readBigUInt64LE() || 1n
    if (!insert(this.#table, hash)) return false
    this.#size += 1
    if (this.#size * 2 > this.#table.length) this.#grow()
    return true
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#table.length * 2)
    for (const hash of this.#table) if (hash !== 0n) insert(larger, hash)
    this.#table = larger
  }
}

function insert(table: BigUint64Array, hash: bigint): boolean {
  const mask = table.length - 1
  for (let slot = Number(hash & BigInt(mask)); ; slot = (slot + 1) & mask) {
    if (table[slot] === hash) return false
    if (table[slot] === 0n) {
      table[slot] = hash
      return true
    }
  }
}

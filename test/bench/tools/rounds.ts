import type { Effort } from './benchmark.ts'
import type { LoadGenerator, LoadResult } from './load-generator.ts'

/** A server and what it is asked. */
export interface Contestant {
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Of each contestant, its result in each round. */
export type Results = ReadonlyMap<Contestant, readonly LoadResult[]>

/**
 * A B C A B C …: what disturbs the machine for a while disturbs all of them, and a ratio is taken within its round. The rounds
 * of the warm-up do not count: until its code is optimized, a server with more of it is the slower for that.
 */
export async function interleaved(
  generator: LoadGenerator,
  contestants: readonly Contestant[],
  connections: number,
  { rounds, seconds, warmUpRounds }: Effort,
): Promise<Results> {
  const results = new Map<Contestant, LoadResult[]>(contestants.map((contestant) => [contestant, []]))
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const [{ url, headers }, found] of results) {
      const result = await generator.run({ url, headers, connections, seconds })
      if (round >= 0) found.push(result)
    }
  }
  return results
}

/** The median over the rounds of how many times as many requests the one answered as the other. */
export function ratio(results: Results, one: Contestant, other: Contestant): number {
  const others = results.get(other) ?? []
  return median((results.get(one) ?? []).map(({ perSecond }, round) => perSecond / (others[round]?.perSecond ?? NaN)))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}

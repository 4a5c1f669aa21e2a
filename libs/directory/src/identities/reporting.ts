/** Who an identity's manager is, or is about to be. */
export interface Reporting {
  readonly id: string
  readonly manager_id: string | null
}

/**
 * Those who would be their own manager, directly or over others, and those who would report to such a circle:
 *
 *     a ──► b ──► c ──► d      a, b, c: c reports to b again
 *           ▲─────┘            d, e: nobody above them stands twice
 *     e ──► d
 */
export function inCircles(reporting: readonly Reporting[]): Set<string> {
  const managers = new Map(reporting.map(({ id, manager_id }) => [id, manager_id]))
  const circular = new Map<string, boolean>()
  for (const start of managers.keys()) {
    const path = new Set<string>()
    let at: string | null = start
    while (at !== null && !circular.has(at) && !path.has(at)) {
      path.add(at)
      at = managers.get(at) ?? null
    }
    const found = at !== null && (circular.get(at) ?? true)
    for (const id of path) circular.set(id, found)
  }
  return new Set([...circular].flatMap(([id, found]) => (found ? [id] : [])))
}

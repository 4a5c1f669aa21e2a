/** Who an identity's manager is, or is about to be. */
export interface Reporting {
  readonly id: string
  readonly manager_id: string | null
}

/**
 * Those who cannot have the manager that is proposed for them: of each circle that the proposals make the last one. It
 * keeps its stored manager, with whom it may stand on a circle with others; so does then the last one of those.
 *
 *     a ──► b ──► c ──► d      proposed a, b, c in this order: c closes the circle,
 *           ▲─────┘            a reports to it and does no harm
 *
 * A circle that is stored already is not theirs.
 */
export function closingCircles(stored: readonly Reporting[], proposed: readonly Reporting[]): Set<string> {
  const before = new Map(stored.map(({ id, manager_id }) => [id, manager_id]))
  const managers = new Map(before)
  for (const { id, manager_id } of proposed) managers.set(id, manager_id)
  const open = new Map(proposed.map(({ id }, index) => [id, index]))
  const refused = new Set<string>()
  const free = new Set<string>()
  for (const { id: start } of proposed) {
    let path = new Set<string>()
    for (let at: string | null = start; at !== null && !free.has(at);) {
      if (!path.has(at)) {
        path.add(at)
        at = managers.get(at) ?? null
        continue
      }
      const last = lastOf(circle(path, at), open)
      if (last === null) break
      managers.set(last, before.get(last) ?? null)
      open.delete(last)
      refused.add(last)
      path = new Set()
      at = start
    }
    for (const id of path) free.add(id)
  }
  return refused
}

function circle(path: ReadonlySet<string>, from: string): string[] {
  const all = [...path]
  return all.slice(all.indexOf(from))
}

function lastOf(ids: readonly string[], order: ReadonlyMap<string, number>): string | null {
  let last: string | null = null
  for (const id of ids) {
    const place = order.get(id)
    if (place !== undefined && (last === null || place > (order.get(last) ?? -1))) last = id
  }
  return last
}

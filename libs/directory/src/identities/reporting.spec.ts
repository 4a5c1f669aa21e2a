import fc from 'fast-check'
import { closingCircles, type Reporting } from './reporting.ts'

const people = (managers: readonly (number | null)[]): Reporting[] =>
  managers.map((manager, n) => ({ id: `${n}`, manager_id: manager === null ? null : `${manager}` }))

function hasCircle(reporting: readonly Reporting[]): boolean {
  const managers = new Map(reporting.map(({ id, manager_id }) => [id, manager_id]))
  return reporting.some(({ id }) => {
    let at: string | null = id
    for (let steps = 0; at !== null && steps <= reporting.length; steps += 1) at = managers.get(at) ?? null
    return at !== null
  })
}

describe('proposed managers', () => {
  // Whoever stands later reports to one that stands before, in some order of the ids.
  const stored = fc
    .tuple(...Array.from({ length: 10 }, (_, n) => fc.option(fc.nat(Math.max(0, n - 1)))))
    .map((managers) => people(managers.map((manager, n) => (n === 0 ? null : manager))))
  const proposed = fc.uniqueArray(
    fc.record({ id: fc.nat(9).map(String), manager_id: fc.option(fc.nat(9).map(String)) }),
    {
      selector: ({ id }) => id,
    },
  )

  it('leave no circle once those that close one are refused, and each that is refused would close one', () => {
    fc.assert(
      fc.property(stored, proposed, (before, changes) => {
        const refused = closingCircles(before, changes)
        const apply = (those: readonly Reporting[]): Reporting[] => {
          const changed = new Map(those.map((each) => [each.id, each]))
          return before.map((each) => changed.get(each.id) ?? each)
        }
        const accepted = changes.filter(({ id }) => !refused.has(id))
        expect(hasCircle(apply(accepted))).toBe(false)
        if (!hasCircle(apply(changes))) expect(refused.size).toBe(0)
      }),
    )
  })

  it('that make one large circle are refused in one place, the last of them', () => {
    const size = 3000
    const circle = people(Array.from({ length: size }, (_, n) => (n + 1) % size))
    expect([...closingCircles(people(circle.map(() => null)), circle)]).toEqual([`${size - 1}`])
  })
})

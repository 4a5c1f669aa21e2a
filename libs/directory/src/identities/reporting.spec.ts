import fc from 'fast-check'
import { inCircles, type Reporting } from './reporting.ts'

describe('circles of managers', () => {
  it('are those from whom the way up never ends', () => {
    const arbitrary = fc.array(fc.option(fc.nat(9)), { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(arbitrary, (managers) => {
        const reporting: Reporting[] = managers.map((manager, n) => ({
          id: `${n}`,
          manager_id: manager === null ? null : `${manager}`,
        }))
        const endless = reporting.filter(({ id }) => {
          let at: string | null = id
          for (let steps = 0; at !== null && steps <= reporting.length; steps += 1)
            at = reporting[Number(at)]?.manager_id ?? null
          return at !== null
        })
        expect([...inCircles(reporting)].sort()).toEqual(endless.map(({ id }) => id).sort())
      }),
    )
  })
})

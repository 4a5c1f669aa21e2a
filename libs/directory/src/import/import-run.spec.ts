import { DomainError, type Actor, type ErrorCode } from '#kernel'
import { ImportRun } from './import-run.ts'
import { ImportTally } from './import-tally.ts'
import { NamedLine, type ImportReport } from './import.dto.ts'
import type { ImportHandler, LineOutcome } from './import-types.ts'
import { Spool } from './spool.ts'

const actor: Actor = {
  type: 'system',
  id: 'test',
  tenantId: '2489e9ad-2ee2-8e00-8ec9-32d5f69181c0',
  identityId: null,
  scopes: new Set(),
  authorities: new Set(['API']),
  expiresAt: null,
}

/** Imports lines with these names; `refuse` says why a batch is refused as a whole, or null. */
async function run(
  names: readonly string[],
  refuse: (names: readonly string[], attempt: number) => ErrorCode | null,
  atomic = false,
): Promise<{ report: ImportReport; attempts: number; stored: string[] }> {
  const tally = new ImportTally()
  const spool = await Spool.open()
  const stored: string[] = []
  let attempts = 0
  const handler: ImportHandler<NamedLine> = {
    type: 'grant',
    line: NamedLine,
    key: ({ external_id }) => external_id,
    store: async (_, lines): Promise<LineOutcome[]> => {
      const batch = lines.map(({ external_id }) => external_id)
      const code = refuse(batch, (attempts += 1))
      if (code !== null) throw new DomainError(code)
      stored.push(...batch)
      return lines.map(() => ({ is: 'created' }))
    },
  }
  try {
    for (const [index, external_id] of names.entries())
      await spool.add(index + 1, JSON.stringify({ type: 'grant', external_id }))
    await new ImportRun(actor, handler as ImportHandler, spool, tally, { attempt: (work) => work(), atomic }).storeAll()
  } finally {
    await spool.close()
  }
  return { report: tally.report(true), attempts, stored }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `line ${n}`)

describe('a batch that the database refuses as a whole', () => {
  it('is divided down to the lines at fault, and the others are stored', async () => {
    const bad = new Set(['line 7', 'line 8', 'line 612'])
    const { report, stored } = await run(names(1200), (batch) =>
      batch.some((name) => bad.has(name)) ? 'already_exists' : null,
    )
    expect(report.failures.map(({ external_id }) => external_id)).toEqual([...bad])
    expect(stored).toHaveLength(1197)
  })

  it('costs a bounded number of attempts, however many lines are bad, and each line is answered', async () => {
    const { report, attempts } = await run(names(5000), () => 'in_use')
    expect(report.total).toMatchObject({ created: 0, failed: 5000 })
    expect(attempts).toBeLessThan(150)
  })

  it('since another import stored the same is stored at the next attempt', async () => {
    for (const code of ['write_conflict', 'already_exists'] as const) {
      const { report, attempts } = await run(names(400), (_, attempt) => (attempt === 1 ? code : null))
      expect([report.total.created, report.failures, attempts]).toEqual([400, [], 2])
    }
  })

  it('again and again for that reason fails with a write conflict', async () => {
    const { report, attempts } = await run(names(400), () => 'write_conflict')
    expect([report.total.failed, attempts]).toEqual([400, 3])
    expect(report.failures[0]).toMatchObject({
      code: 'write_conflict',
      message: expect.stringContaining('again') as string,
    })
  })
  it('ends an atomic run at the first write conflict: what it has stored is locked, and others wait for it', async () => {
    let attempts = 0
    const meet = run(names(1200), (_, attempt) => ((attempts = attempt) === 2 ? 'write_conflict' : null), true)
    await expect(meet).rejects.toMatchObject({ code: 'write_conflict' })
    expect(attempts).toBe(2)
  })

  it('ends an atomic run at a write conflict of one of its parts too', async () => {
    let attempts = 0
    const meet = run(names(400), (_, attempt) => ((attempts = attempt) === 3 ? 'write_conflict' : 'in_use'), true)
    await expect(meet).rejects.toMatchObject({ code: 'write_conflict' })
    expect(attempts).toBe(3)
  })

  it('since another import stored the same is stored at the next attempt of an atomic run too', async () => {
    const { stored, attempts } = await run(names(400), (_, attempt) => (attempt === 1 ? 'already_exists' : null), true)
    expect([stored.length, attempts]).toEqual([400, 2])
  })
})

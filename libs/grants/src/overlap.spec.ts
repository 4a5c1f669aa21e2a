import fc from 'fast-check'
import { maximumLimit, newId } from '#kernel'
import { Precondition } from '#platform'
import { startApp, type TestApp } from '../../../test/support/app.ts'
import { adminOf, inTenant } from '../../../test/support/tenant.ts'
import { GrantsService } from './grants.service.ts'

/*
 * Access is the union of a person's live grants, whatever happened before: random histories of create, extend, revoke,
 * settle and clock moves, against a model that only knows intervals. Times are in units of an hour; the real time that a
 * history takes is seconds.
 */
const tenant = '019a0000-0000-7000-8000-000000000aaa'
const actor = adminOf(tenant)
const hour = 3600
const resources = ['111111111111', '222222222222']
const anyVersion = new Precondition(undefined)

interface Model {
  id: string
  account: string
  start: number
  end: number
  revoked: boolean
  settled: boolean
}

type Step =
  | { do: 'create'; account: number; start: number; length: number | null }
  | { do: 'extend'; which: number; by: number }
  | { do: 'revoke'; which: number }
  | { do: 'move'; by: number }
  | { do: 'settle' }

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      account: fc.nat(1),
      start: fc.nat(3),
      length: fc.option(fc.integer({ min: 1, max: 6 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('extend' as const), which: fc.nat(20), by: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revoke' as const), which: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move' as const), by: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
)

let app: TestApp
let grants: GrantsService

beforeAll(async () => {
  app = await startApp()
  grants = app.app.get(GrantsService)
})

afterAll(() => app.close())

test('what a person may reach is the union of the live grants, in any history', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 3, maxLength: 16 }), async (history) => {
      const run = await Run.begin()
      for (const step of history) {
        await run.take(step)
        await run.check()
      }
      await run.checkEndings()
    }),
    { numRuns: 40, endOnFailure: true },
  )
}, 120_000)

class Run {
  readonly person: string
  readonly model: Model[] = []
  /** What each ending should have said: whether the access itself ended. */
  readonly endings = new Map<string, boolean>()
  now = 0

  private constructor(person: string) {
    this.person = person
  }

  static async begin(): Promise<Run> {
    const person = newId()
    await app.moveClock(0)
    await app.asOwner(`insert into identities (tenant_id, id, name) values ($1, $2, 'someone')`, [tenant, person])
    return new Run(person)
  }

  // Half an hour of distance to every boundary: the run's own seconds never matter.
  live(grant: Model, at = this.now + 0.5): boolean {
    return !grant.revoked && grant.start <= at && at < grant.end
  }

  open(grant: Model): boolean {
    return !grant.revoked && this.now + 0.5 < grant.end
  }

  async take(step: Step): Promise<void> {
    const grant = 'which' in step ? this.model[step.which % Math.max(1, this.model.length)] : undefined
    switch (step.do) {
      case 'create':
        return this.create(step.account, step.start, step.length)
      case 'extend':
        if (grant) await this.extend(grant, step.by)
        return
      case 'revoke':
        if (grant) await this.revoke(grant)
        return
      case 'move':
        this.now += step.by
        return app.moveClock(this.now * hour)
      case 'settle':
        return this.settle()
    }
  }

  async create(account: number, start: number, length: number | null): Promise<void> {
    const id = resources[account] ?? ''
    const starts = Date.now() + (this.now + start) * hour * 1000
    const grant = await inTenant(tenant, () =>
      grants.create(actor, {
        grantee_id: this.person,
        resource: { type: 'aws_account', id },
        action: 'ReadOnlyAccess',
        ...(start > 0 && { starts_at: new Date(starts).toISOString() }),
        ...(length !== null && { duration_seconds: length * hour }),
      }),
    )
    const end = length === null ? Infinity : this.now + start + length
    this.model.push({ id: grant.id, account: id, start: this.now + start, end, revoked: false, settled: false })
  }

  async extend(grant: Model, by: number): Promise<void> {
    const attempt = inTenant(tenant, () =>
      grants.extend(actor, grant.id, { duration_seconds: by * hour, reason: 'more' }, anyVersion),
    )
    if (this.live(grant) && grant.end !== Infinity) {
      await attempt
      grant.end += by
    } else await expect(attempt).rejects.toMatchObject({ code: 'invalid_state' })
  }

  async revoke(grant: Model): Promise<void> {
    const attempt = inTenant(tenant, () => grants.revoke(actor, grant.id, { reason: 'manual' }, anyVersion))
    if (this.open(grant)) {
      await attempt
      grant.revoked = true
      this.endings.set(grant.id, !this.covered(grant))
    } else await expect(attempt).rejects.toMatchObject({ code: 'invalid_state' })
  }

  async settle(): Promise<void> {
    await inTenant(tenant, () => grants.settle(actor, 1000))
    for (const grant of this.model) {
      if (grant.revoked || grant.settled || this.open(grant)) continue
      grant.settled = true
      this.endings.set(grant.id, !this.covered(grant))
    }
  }

  covered(grant: Model): boolean {
    return this.model.some((other) => other.account === grant.account && this.live(other))
  }

  async check(): Promise<void> {
    const page = await inTenant(tenant, () =>
      grants.list(actor, { grantee_id: this.person, status: 'active', limit: maximumLimit }),
    )
    const { data } = page.toJSON() as { data: { id: string }[] }
    const live = this.model.filter((grant) => this.live(grant))
    expect(data.map(({ id }) => id).toSorted()).toEqual(live.map(({ id }) => id).toSorted())
  }

  /** Each ending is recorded once, and says whether the access ended. */
  async checkEndings(): Promise<void> {
    await this.settle()
    const rows = await app.asOwner<{ id: string; ended: boolean }>(
      `select resource_id as id, (metadata->>'access_ended')::boolean as ended from audit_log
       where tenant_id = $1 and action in ('grant.expired', 'grant.revoked') and resource_id = any($2)`,
      [tenant, this.model.map(({ id }) => id)],
    )
    expect(new Map(rows.map(({ id, ended }) => [id, ended]))).toEqual(this.endings)
    expect(rows).toHaveLength(this.endings.size)
  }
}

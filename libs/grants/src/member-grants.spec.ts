import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { AccessProfilesService, MembersService, VersionsService, type AccessProfile } from '#access-profiles'
import { DomainError, newId } from '#kernel'
import { Precondition } from '#platform'
import { startApp, type TestApp } from '../../../test/support/app.ts'
import { adminOf, inTenant } from '../../../test/support/tenant.ts'
import { GrantsService } from './grants.service.ts'

/*
 * What profiles give and what their members hold, in any history of edits, drafts, publications, pauses, joins and
 * revocations by hand, against a model that knows sets only. Each history has three profiles, three grantable
 * entitlements and one that is not, and two people.
 */
const tenant = '019a0000-0000-7000-8000-000000000bbb'
const actor = adminOf(tenant)
const anyVersion = new Precondition(undefined)
const profileCount = 3
const grantable = 3

/** Entitlements and profiles by number. */
interface Contents {
  entitlements: number[]
  inherits: number[]
}

type Step =
  | { do: 'edit' | 'draft'; profile: number; contents: Contents }
  | { do: 'publish' | 'discard' | 'start' | 'pause'; profile: number }
  | { do: 'join' | 'leave'; profile: number; person: number }
  | { do: 'revoke'; which: number }

const profile = fc.nat(profileCount - 1)
const person = fc.nat(1)
const contents = fc.record({
  entitlements: fc.uniqueArray(fc.nat(grantable), { maxLength: 3 }),
  inherits: fc.uniqueArray(profile, { maxLength: 2 }),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), profile, contents }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('draft' as const), profile, contents }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('publish' as const, 'discard', 'start', 'start', 'pause'), profile }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('join' as const, 'join', 'leave'), profile, person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), which: fc.nat(20) }) },
)

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

test('what profiles give and what their members hold is what the model says, in any history', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (history) => {
      const run = await Run.begin()
      for (const each of history) {
        await run.take(each)
        await run.check()
      }
    }),
    { numRuns: 20, endOnFailure: true },
  )
}, 180_000)

interface Model {
  id: string
  running: boolean
  published: Contents
  draft: { contents: Contents; number: number } | null
  members: Set<number>
  /** `person entitlement`: revoked by hand since the person joined. */
  revoked: Set<string>
}

class Run {
  readonly people: readonly string[]
  readonly entitlements: readonly string[]
  readonly profiles: Model[] = []

  private constructor(people: readonly string[], entitlements: readonly string[]) {
    this.people = people
    this.entitlements = entitlements
  }

  static async begin(): Promise<Run> {
    const run = new Run([newId(), newId()], Array.from({ length: grantable + 1 }, newId))
    const source = newId()
    await app.asOwner(`insert into sources (tenant_id, id, name, connector) values ($1, $2::uuid, $2::text, 'test')`, [
      tenant,
      source,
    ])
    for (const id of run.people)
      await app.asOwner(`insert into identities (tenant_id, id, name) values ($1, $2, 'someone')`, [tenant, id])
    for (const [n, id] of run.entitlements.entries())
      await app.asOwner(
        `insert into entitlements (tenant_id, id, source_id, name, action) values ($1, $2, $3, 'e', $4)`,
        [tenant, id, source, n < grantable ? 'use' : null],
      )
    for (let n = 0; n < profileCount; n += 1) {
      const published = { entitlements: [n], inherits: [] }
      const { id } = await inTenant(tenant, () => run.service.create(actor, { name: newId(), ...run.input(published) }))
      run.profiles.push({ id, running: true, published, draft: null, members: new Set(), revoked: new Set() })
    }
    return run
  }

  get service(): AccessProfilesService {
    return app.app.get(AccessProfilesService)
  }

  input({ entitlements, inherits }: Contents) {
    return {
      entitlements: entitlements.map((n) => ({ entitlement_id: this.entitlements[n] ?? '' })),
      inherits: inherits.map((n) => this.profiles[n]?.id ?? ''),
    }
  }

  async take(each: Step): Promise<void> {
    if (each.do === 'revoke') return this.revoke(each.which)
    const model = this.profiles[each.profile] as Model
    const allowed = this.allows(each, model)
    const done = await inTenant(tenant, () => this.perform(each, model)).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DomainError && error.status < 500) return false
        throw error
      },
    )
    expect([each, done]).toEqual([each, allowed])
    if (done) this.follow(each, model)
  }

  allows(each: Exclude<Step, { do: 'revoke' }>, model: Model): boolean {
    const empty = ({ entitlements, inherits }: Contents): boolean => entitlements.length + inherits.length === 0
    const circle = ({ inherits }: Contents): boolean => inherits.some((n) => this.reaches(n, each.profile, new Set()))
    switch (each.do) {
      case 'edit':
        return !circle(each.contents) && !(model.running && empty(each.contents))
      case 'draft':
        // What changes nothing is not checked anew, though others may have closed the circle since.
        return !circle(each.contents) || isDeepStrictEqual({ ...each.contents }, { ...model.draft?.contents })
      case 'publish':
        return model.draft !== null && !circle(model.draft.contents) && !(model.running && empty(model.draft.contents))
      case 'discard':
        return model.draft !== null
      case 'start':
        return !empty(model.published)
      case 'leave':
        return model.members.has(each.person)
      default:
        return true
    }
  }

  /** Whether the profile is the other one, or inherits from it by what is published. */
  reaches(from: number, to: number, seen: Set<number>): boolean {
    if (from === to) return true
    if (seen.has(from)) return false
    seen.add(from)
    return this.profiles[from]?.published.inherits.some((n) => this.reaches(n, to, seen)) ?? false
  }

  async perform(each: Exclude<Step, { do: 'revoke' }>, { id, draft }: Model): Promise<unknown> {
    const [versions, members] = [app.app.get(VersionsService), app.app.get(MembersService)]
    switch (each.do) {
      case 'edit':
        return this.service.update(actor, id, this.input(each.contents), anyVersion)
      case 'draft':
        return draft
          ? versions.updateDraft(actor, id, draft.number, this.input(each.contents), anyVersion)
          : versions.createDraft(actor, id, this.input(each.contents))
      case 'publish':
        return versions.publish(actor, id, draft?.number ?? 1, anyVersion)
      case 'discard':
        if (!draft) throw new DomainError('invalid_state')
        return versions.retire(actor, id, draft.number, anyVersion)
      case 'start':
      case 'pause':
        return this.service.update(actor, id, { state: each.do === 'start' ? 'running' : 'paused' }, anyVersion)
      case 'join':
        return members.add(actor, id, [this.people[each.person] ?? ''])
      case 'leave':
        return members.remove(actor, id, this.people[each.person] ?? '')
    }
  }

  follow(each: Exclude<Step, { do: 'revoke' }>, model: Model): void {
    switch (each.do) {
      case 'edit':
        model.published = each.contents
        break
      case 'draft':
        model.draft = { contents: each.contents, number: model.draft?.number ?? 0 }
        break
      case 'publish':
        model.published = model.draft?.contents ?? model.published
        model.draft = null
        break
      case 'discard':
        model.draft = null
        break
      case 'start':
      case 'pause':
        model.running = each.do === 'start'
        break
      case 'join':
        model.members.add(each.person)
        break
      case 'leave':
        model.members.delete(each.person)
        for (const pair of model.revoked) if (pair.startsWith(`${each.person} `)) model.revoked.delete(pair)
        break
    }
  }

  async revoke(which: number): Promise<void> {
    const held = await this.open()
    const grant = held[which % Math.max(1, held.length)]
    if (!grant) return
    await inTenant(tenant, () => app.app.get(GrantsService).revoke(actor, grant.id, { reason: 'manual' }, anyVersion))
    const model = this.profiles.find(({ id }) => id === grant.access_profile_id) as Model
    model.revoked.add(`${this.people.indexOf(grant.grantee_id)} ${this.entitlements.indexOf(grant.entitlement_id)}`)
  }

  /** What the profile gives, and what running ones above it do. */
  effective(n: number): Set<number> {
    const model = this.profiles[n] as Model
    const above = model.published.inherits.filter((parent) => this.profiles[parent]?.running)
    return new Set([...model.published.entitlements, ...above.flatMap((parent) => [...this.effective(parent)])])
  }

  async check(): Promise<void> {
    const expected: string[] = []
    for (const [n, { id, running, members, revoked }] of this.profiles.entries()) {
      const effective = this.effective(n)
      const page = await inTenant(tenant, () => this.service.entitlements(actor, id, { limit: 250 }))
      const listed = (page.toJSON() as { data: { id: string }[] }).data.map((each) =>
        this.entitlements.indexOf(each.id),
      )
      expect(new Set(listed)).toEqual(effective)
      const given = running ? [...effective].filter((e) => e < grantable) : []
      for (const member of members)
        for (const e of given) if (!revoked.has(`${member} ${e}`)) expected.push(`${n} ${member} ${e}`)
      const stored = await inTenant(tenant, () => this.service.get<AccessProfile>(actor, id))
      this.remember(n, stored)
    }
    const held = (await this.open()).map(({ access_profile_id, grantee_id, entitlement_id }) =>
      [
        this.profiles.findIndex(({ id }) => id === access_profile_id),
        this.people.indexOf(grantee_id),
        this.entitlements.indexOf(entitlement_id),
      ].join(' '),
    )
    expect(held.toSorted()).toEqual(expected.toSorted())
  }

  /** The number that a new draft was given. */
  remember(n: number, { draft_version }: AccessProfile): void {
    const model = this.profiles[n] as Model
    expect(draft_version === null).toBe(model.draft === null)
    if (model.draft && draft_version !== null) model.draft.number = draft_version
  }

  open(): Promise<{ id: string; access_profile_id: string; grantee_id: string; entitlement_id: string }[]> {
    return app.asOwner(
      `select id, access_profile_id, grantee_id, entitlement_id from grants
       where grantee_id = any($1) and state in ('scheduled', 'active') order by granted_at, id`,
      [this.people],
    )
  }
}

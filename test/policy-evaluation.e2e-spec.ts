import { Decisions } from '#policy'
import { DecisionRecords } from '../libs/policy/src/decisions/decision-records.ts'
import { account, startPolicyWorld } from './support/policy-world.ts'
import { adminOf, inTenant } from './support/tenant.ts'

const { world, admin, alice, post, policy, evaluate } = await startPolicyWorld()

const readAccount = 'permit (principal, action == Action::"read", resource is AwsAccount);'

describe('the live policies', () => {
  test('know the person, the manager, the groups and the attributes from the directory', async () => {
    const { people } = world.acme
    const group = await post('/v1/groups', { name: 'Platform' })
    await admin.put(`/v1/groups/${group.body['id']}/members/${people.alice}`)
    await admin.patch(`/v1/identities/${people.alice}`, {
      manager_id: people.bob,
      attributes: { department: 'Engines', level: 7, remote: true, teams: ['a'] },
    })
    const conditions = [
      'principal.name == "alice"',
      'principal has email && principal.email == "alice@acme.example"',
      `principal has manager && principal.manager == User::"${people.bob}"`,
      'principal.lifecycle_state == "active"',
      `principal in Group::"${group.body['id']}"`,
      'principal.hasTag("department") && principal.getTag("department") == "Engines"',
      'principal.hasTag("level") && principal.getTag("level") == "7"',
      'principal.hasTag("remote") && principal.getTag("remote") == "true"',
      '!principal.hasTag("teams")',
    ]
    await policy(
      `permit (principal, action == Action::"read", resource is AwsAccount) when { ${conditions.join(' && ')} };`,
    )
    const question = { principal: alice, action: 'read', resource: account }
    expect(await evaluate(question)).toMatchObject({ permitted: true, errors: [] })
    await admin.delete(`/v1/groups/${group.body['id']}/members/${people.alice}`)
    expect(await evaluate(question)).toMatchObject({ permitted: false, errors: [] })
    for (const groups of [
      ['Platform'],
      [group.body['id']],
      [`group:${group.body['id']}`],
      [{ type: 'Group', id: group.body['id'] }],
    ])
      expect(await evaluate({ ...question, groups })).toMatchObject({ permitted: true })
  })

  test("take principal, action and resource as texts in our words, in Cedar's, and as objects", async () => {
    await policy(
      `permit (principal == User::"${world.acme.people.alice}", action == Action::"read", resource == AwsAccount::"123456789012");`,
    )
    const id = world.acme.people.alice
    const principals = [
      `user:${id}`,
      `identity:${id}`,
      `User:${id.toUpperCase()}`,
      `User::"${id}"`,
      { type: 'user', id },
      { type: 'User', id: id.replaceAll('-', '') },
    ]
    for (const principal of principals)
      expect(await evaluate({ principal, action: 'read', resource: account })).toMatchObject({ permitted: true })
    for (const action of ['Action::"read"', 'action:read', { type: 'Action', id: 'read' }])
      expect(await evaluate({ principal: alice, action, resource: account })).toMatchObject({ permitted: true })
    for (const resource of [
      'AwsAccount:123456789012',
      'AwsAccount::"123456789012"',
      { type: 'aws_account', id: '123456789012' },
    ])
      expect(await evaluate({ principal: alice, action: 'read', resource })).toMatchObject({ permitted: true })
  })

  test('decide about an entitlement as the resource it is on, within its source, its account and its profiles', async () => {
    const { body: source } = await post('/v1/sources', { name: 'AWS', connector: 'aws', attributes: { region: 'eu' } })
    const arn = 'arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-8d9587ff961d5dcf'
    const { body: entitlement } = await post('/v1/entitlements', {
      source_id: source['id'],
      name: 'ReadOnly',
      privileged: true,
      resource: { type: 'aws_permission_set', id: arn },
      action: 'assume',
      attributes: { account_id: '123456789012' },
    })
    const { body: profile } = await post('/v1/access-profiles', {
      name: 'Readers',
      entitlements: [{ entitlement_id: entitlement['id'] }],
    })
    await post(`/v1/access-profiles/${profile['id']}/start`, {})
    const scopes = [
      `resource == AwsPermissionSet::"${arn}"`,
      'resource is AwsPermissionSet',
      'resource in AwsAccount::"123456789012"',
      `resource in Entitlement::"${entitlement['id']}"`,
      `resource in Source::"${source['id']}"`,
      `resource in AccessProfile::"${profile['id']}"`,
    ]
    for (const [index, scope] of scopes.entries()) {
      const { id } = await policy(
        `permit (principal, action == Action::"request_access", ${scope}) when { resource is AwsPermissionSet && resource has entitlement && resource.entitlement.privileged };`.replace(
          'resource.entitlement.privileged',
          'resource.entitlement has privileged && resource.entitlement.privileged',
        ),
        { name: `scope ${index}` },
      )
      for (const resource of [`entitlement:${entitlement['id']}`, `aws_permission_set:${arn}`])
        expect([scope, await evaluate({ principal: alice, action: 'request_access', resource })]).toEqual([
          scope,
          expect.objectContaining({ permitted: true }),
        ])
      await admin.delete(`/v1/policies/${id}`)
    }
  })

  test('know the circumstances: ticket, address, age of the second factor, duration, and the time by themselves', async () => {
    const conditions = [
      'context.time > datetime("2020-01-01")',
      'context has ticket && context.ticket.provider == "jira"',
      'context has network_address && context.network_address.isInRange(ip("10.0.0.0/8"))',
      'context has mfa_age_seconds && context.mfa_age_seconds < 300',
      'context has duration_seconds && context.duration_seconds <= 3600',
      'context has reason && context.reason like "*outage*"',
    ]
    await policy(
      `permit (principal, action == Action::"break_glass", resource is AwsAccount) when { ${conditions.join(' && ')} };`,
    )
    const context = {
      ticket: { provider: 'jira', id: 'OPS-1' },
      network_address: '10.1.2.3',
      mfa_age_seconds: 20,
      duration_seconds: 3600,
      reason: 'The outage',
    }
    const question = { principal: alice, action: 'break_glass', resource: account }
    expect(await evaluate({ ...question, context })).toMatchObject({ permitted: true, errors: [] })
    for (const [name, value] of Object.entries({
      network_address: '192.168.0.1',
      mfa_age_seconds: 301,
      time: '2019-01-01T00:00:00Z',
    }))
      expect(await evaluate({ ...question, context: { ...context, [name]: value } })).toMatchObject({
        permitted: false,
        errors: [],
      })
    for (const [name, value] of Object.entries({ mfa_age_seconds: '20', ticket: { provider: 'jira' }, reason: 1 })) {
      const { status, text } = await post('/v1/policies/evaluate', {
        ...question,
        context: { ...context, [name]: value },
      })
      expect([status, text.includes(`context.${name}`)]).toEqual([400, true])
    }
  })

  test('deny when a rule errs, and say which', async () => {
    const { id } = await policy(
      'permit (principal, action == Action::"read", resource is AwsAccount); permit (principal, action == Action::"read", resource is AwsAccount) when { 9007199254740991 * context.time.toTime().toMilliseconds() > 0 || true };',
    )
    const answer = await evaluate({ principal: alice, action: 'read', resource: account })
    expect(answer).toMatchObject({ permitted: false, decision: 'deny' })
    expect(answer['errors']).toMatchObject([{ policy_id: id, message: expect.stringContaining('overflow') }])
  })

  test.each(['principal', 'action', 'resource'])(
    'refuse a %s whose id no index could hold: the records of other decisions would be lost with its own',
    async (field) => {
      const question = { principal: alice, action: 'read', resource: account }
      const { status, body } = await post('/v1/policies/evaluate', { ...question, [field]: `user:${'é'.repeat(1025)}` })
      expect([status, body['details'].fields[0].field]).toEqual([400, field])
    },
  )

  test('refuse ids and circumstances that no record could hold', async () => {
    const question = { principal: alice, action: 'read', resource: account }
    for (const id of ['', '\n', 'x'.repeat(2049)]) {
      const { responses } = await evaluate({
        requests: [question, { ...question, resource: { type: 'AwsAccount', id } }],
      })
      expect(responses).toMatchObject([{ decision: 'deny' }, { error: { code: 'invalid_body' } }])
      expect(responses[1].error.message).toMatch(/^resource: must have an id of 1 to 2048 bytes/)
    }
    for (const [pointer, nul] of [
      ['/resource/id', { resource: { type: 'AwsAccount', id: '\0' } }],
      ['/context/reason', { context: { reason: 'a\0' } }],
    ] as const) {
      const { status, body } = await post('/v1/policies/evaluate', { ...question, ...nul })
      expect([status, body['code'], body['details']]).toEqual([400, 'invalid_body', { pointer }])
    }
  })

  test('know no text so long that matching it would hold up everybody', async () => {
    await policy(
      'permit (principal, action == Action::"read", resource is AwsAccount) when { context has reason && context.reason like "*ab" && !principal.hasTag("notes") };',
    )
    const question = { principal: alice, action: 'read', resource: account }
    const ask = (length: number) =>
      post('/v1/policies/evaluate', { ...question, context: { reason: `${'a'.repeat(length - 1)}b` } })
    await admin.patch(`/v1/identities/${world.acme.people.alice}`, { attributes: { notes: 'x'.repeat(4097) } })
    expect((await ask(4096)).body).toMatchObject({ permitted: true })
    const { status, body } = await ask(4097)
    expect([status, body['message']]).toEqual([400, 'context.reason: has more than 4096 characters'])
    await admin.patch(`/v1/identities/${world.acme.people.alice}`, { attributes: {} })
  })

  test('know a group by its name, also where that has colons in it', async () => {
    const { body: group } = await post('/v1/groups', { name: 'okta:platform:admins' })
    await policy(`forbid (principal in Group::"${group['id']}", action, resource); ${readAccount}`)
    const question = { principal: alice, action: 'read', resource: account }
    expect(await evaluate(question)).toMatchObject({ permitted: true })
    expect(await evaluate({ ...question, groups: ['okta:platform:admins'] })).toMatchObject({ permitted: false })
  })

  test('give the advice of the rules that decided', async () => {
    await policy(
      `@advice("Open a ticket") forbid (principal, action, resource) unless { context has ticket }; ${readAccount}`,
    )
    const question = { principal: alice, action: 'read', resource: account }
    expect(await evaluate(question)).toMatchObject({ permitted: false, advice: ['Open a ticket'] })
    const context = { ticket: { provider: 'jira', id: 'OPS-1' } }
    expect(await evaluate({ ...question, context })).toMatchObject({ permitted: true, advice: [] })
  })

  test('decide inside, for a signed-in person, as they do outside; for a machine they decide nothing', async () => {
    const { id, people } = world.acme
    await policy(
      `@notice("Seen") permit (principal == User::"${people.alice}", action == Action::"read", resource) when { context has reason };`,
    )
    const decide = (identityId: string | null, context = {}): Promise<object> => {
      const [action, resource] = [
        { type: 'Action', id: 'read' },
        { type: 'AwsAccount', id: '123456789012' },
      ]
      const actor = { ...adminOf(id), identityId }
      return inTenant(id, () => world.app.get(Decisions).decide(actor, { action, resource, context }))
    }
    expect(await decide(people.alice, { reason: 'x' })).toMatchObject({ permitted: true, notices: ['Seen'] })
    expect(await decide(people.alice)).toMatchObject({ permitted: false, rules: [] })
    expect(await decide(people.bob, { reason: 'x' })).toMatchObject({ permitted: false })
    await expect(decide(people.alice, { reason: 1 })).rejects.toMatchObject({ code: 'invalid_body' })
    await expect(decide(null)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('answer a batch item by item', async () => {
    await policy('permit (principal, action == Action::"read", resource is AwsAccount);')
    const question = { principal: alice, action: 'read', resource: account }
    const { responses } = await evaluate({
      requests: [
        { ...question, groups: [{ type: 'Team', id: 'x' }] },
        question,
        { ...question, context: { reason: 1 } },
        { ...question, action: 'write' },
        { ...question, principal: 'nobody in particular' },
      ],
    })
    const refused = { error: { code: 'invalid_body' } }
    expect(responses).toMatchObject([refused, { permitted: true }, refused, { permitted: false }, refused])
    const inline = await evaluate({ policies: readAccount, requests: [{ ...question, groups: ['x'] }, question] })
    expect(inline['responses']).toMatchObject([refused, { decision: 'deny' }])
  })

  test.each([
    [{}, 'principal'],
    [{ principal: 'user:x', action: 'read' }, 'resource'],
    [{ principal: 'user:x', action: 'read', resource: account, entities: [] }, 'entities'],
    [{ principal: 'user:x', action: 'read', resource: account, requests: [] }, 'principal'],
    [{ principal: 'user:x', action: 'read', resource: account, groups: [{ type: 'Team', id: 'x' }] }, 'groups'],
    [{ principal: 'user:x', action: 'read', resource: account, groups: ['x'], policies: '' }, 'groups'],
  ])('refuse %j, naming the field', async (body, field) => {
    const { status, body: answer } = await post('/v1/policies/evaluate', body)
    expect([status, answer['details'].fields[0].field]).toEqual([400, field])
  })
})

describe('an inline set', () => {
  const photo = {
    policies: `@notice("Ours") permit (principal == User::"alice", action == Action::"view", resource in Album::"trip");
      forbid (principal, action, resource) when { resource.private && !(principal == resource.owner) };
      permit (principal, action, resource) when { principal.nope };`,
    entities: [
      { uid: { type: 'User', id: 'alice' }, attrs: {}, parents: [] },
      { uid: { type: 'Album', id: 'trip' }, attrs: {}, parents: [] },
      {
        uid: { type: 'Photo', id: '1' },
        attrs: { private: false, owner: { __entity: { type: 'User', id: 'bob' } } },
        parents: [{ type: 'Album', id: 'trip' }],
      },
    ],
    principal: { type: 'User', id: 'alice' },
    action: { type: 'Action', id: 'view' },
    resource: { type: 'Photo', id: '1' },
    context: {},
  }

  test('is decided as Cedar does: ids by position, a rule that errs is skipped and reported', async () => {
    const answer = await evaluate(photo)
    expect(answer).toMatchObject({
      permitted: true,
      decision: 'allow',
      matching_policy_ids: ['policy0'],
      notices: ['Ours'],
    })
    expect(answer['errors']).toMatchObject([{ policy_id: 'policy2', message: expect.stringContaining('nope') }])
    expect(answer).not.toHaveProperty('matching_rule_ids')
  })

  test('takes policies by id, a batch that shares them, and a schema that requests must fit', async () => {
    const schema =
      'entity User; entity Album; entity Photo in [Album] = { private: Bool, owner: User }; action view appliesTo { principal: [User], resource: [Photo] };'
    const policies = { mine: 'permit (principal, action == Action::"view", resource is Photo);' }
    const ask = { principal: photo.principal, action: photo.action, resource: photo.resource }
    const { entities } = photo
    const { responses } = await evaluate({
      policies, entities, schema,
      requests: [ask, { ...ask, resource: { type: 'User', id: 'alice' } }, { ...ask, resource: { type: 'User', id: 'alice' }, validate_request: false }],
    }) // prettier-ignore
    expect(responses).toMatchObject([
      { permitted: true, matching_policy_ids: ['mine'] },
      { error: { code: 'invalid_body' } },
      { permitted: false },
    ])
    const misfit = { ...ask, resource: { type: 'User', id: 'alice' } }
    const requests = [misfit, { ...misfit, validate_request: true }]
    const shared = await evaluate({ policies, entities, schema, validate_request: false, requests })
    expect(shared['responses']).toMatchObject([{ permitted: false }, { error: { code: 'invalid_body' } }])
  })

  test.each([
    ['an empty one', ''],
    ['NUL', '\0'],
    ['a line break', 'a\nb'],
    ['a C1 control character', '\u0085'],
    ['a mark of the writing direction', '\u202e'],
    ['a long one', 'x'.repeat(3000)],
  ])('knows entities by any id that Cedar knows: %s', async (_, id) => {
    const principal = { type: 'User', id }
    const inline = {
      policies: 'permit (principal in Group::"staff", action, resource) when { context.who == principal };',
      entities: [{ uid: principal, attrs: {}, parents: [{ type: 'Group', id: 'staff' }] }],
      principal,
      action: { type: 'Action', id },
      resource: { type: 'Photo', id },
      context: { who: { __entity: principal } },
    }
    expect(await evaluate(inline)).toMatchObject({ permitted: true, errors: [] })
    expect(await evaluate({ ...inline, principal: { type: 'User', id: 'y' } })).toMatchObject({ permitted: false })
  })

  test('that does not parse is refused with the id of each policy that does not', async () => {
    const policies = { good: 'permit (principal, action, resource);', 'a b': 'permit (principal);', c: 'forbid' }
    const { status, body } = await post('/v1/policies/evaluate', { ...photo, policies })
    const fields = body['details'].fields as { field: string }[]
    expect([status, fields.map(({ field }) => field)]).toEqual([400, ['policies.a b', 'policies.c']])
    expect(body['message']).toMatch(/^policies\.a b: .*; policies\.c: /)
  })

  test('changes nothing and is not recorded', async () => {
    await world.app.get(DecisionRecords).flush()
    const before = await world.asOwner('select count(*) from policy_decisions')
    await evaluate(photo)
    await world.app.get(DecisionRecords).flush()
    expect(await world.asOwner('select count(*) from policy_decisions')).toEqual(before)
  })
})

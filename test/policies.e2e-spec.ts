import type { Json } from './support/client.ts'
import { account, anybody, startPolicyWorld } from './support/policy-world.ts'

const { world, admin, alice, post, policy, rulesOf, ask } = await startPolicyWorld()

describe('a policy', () => {
  test('decides from the moment it is saved until it is deleted, and nothing is permitted without one', async () => {
    expect(await ask()).toMatchObject({ permitted: false, decision: 'deny', matching_policy_ids: [] })
    const { id } = await policy(`@notice("Recorded") ${anybody}`)
    expect(await ask()).toMatchObject({ permitted: true, matching_policy_ids: [id], notices: ['Recorded'] })
    await admin.patch(`/v1/policies/${id}`, { enabled: false })
    expect(await ask()).toMatchObject({ permitted: false })
    await admin.patch(`/v1/policies/${id}`, { enabled: true })
    expect(await ask()).toMatchObject({ permitted: true })
    await admin.delete(`/v1/policies/${id}`)
    expect(await ask()).toMatchObject({ permitted: false })
  })

  test('of another tenant decides nothing here', async () => {
    const body = { name: 'Access', max_duration_seconds: 3600, cedar_policy_set: anybody }
    expect((await world.globex.admin.post('/v1/policies', body)).status).toBe(201)
    expect(await ask()).toMatchObject({ permitted: false })
  })

  test('of a higher priority decides against all lower ones, whichever way', async () => {
    await policy(anybody, { name: 'low', priority: 1 })
    const high = await policy('@notice("Not now") forbid (principal, action, resource);', { name: 'high', priority: 2 })
    expect(await ask()).toMatchObject({ permitted: false, matching_policy_ids: [high['id']], notices: ['Not now'] })
    await admin.patch(`/v1/policies/${high['id']}`, { priority: 0 })
    expect(await ask()).toMatchObject({ permitted: true })
  })

  test('says its rules in order, as fields, Cedar text and JSON, however they were given', async () => {
    const made = await policy(`// the first
@notice("Say \\"please\\"") @advice("Ask Ada") @audit_session("false")
permit (principal in Group::"g", action in [Action::"read", Action::"write"], resource is AwsS3Bucket in Source::"s")
when { context has ticket } unless { principal.lifecycle_state == "inactive" };
forbid (principal is User, action, resource == AwsAccount::"123456789012");`)
    expect(made).toMatchObject({ rule_count: 2, version: 1, priority: 0, enabled: true })
    const [first, second] = (await rulesOf(made)) as [Json, Json]
    expect(first).toMatchObject({
      ordinal: 1,
      effect: 'permit',
      principal_scope_type: 'in',
      principal_entity_type: 'Group',
      principal_entity_id: 'g',
      action_scope_type: 'in',
      action_ids: ['read', 'write'],
      resource_scope_type: 'is_in',
      resource_entity_type: 'AwsS3Bucket',
      resource_in_type: 'Source',
      resource_in_id: 's',
      notice: 'Say "please"',
      advice: 'Ask Ada',
      audit_session: false,
      slots: [],
    })
    expect(first['conditions']).toMatch(/^when \{[^]*\}\s*unless \{/)
    expect(second).toMatchObject({ ordinal: 2, effect: 'forbid', principal_scope_type: 'is', action_scope_type: 'any' })

    for (const rule of [first, second]) {
      const { policy_text, policy_json } = rule
      const forms = await policy(anybody, {
        name: `forms of ${rule['ordinal']}`,
        cedar_policy_set: undefined,
        rules: [{ policy_text }, { policy_json }, fieldsOf(rule)],
      })
      for (const form of await rulesOf(forms)) expect(contentOf(form)).toEqual(contentOf(rule))
    }
    const { body: cedar } = await admin.get(`/v1/policies/${made['id']}/cedar`)
    expect(cedar['cedar_policy_set']).toBe(`${first['policy_text']}\n\n${second['policy_text']}\n`)
    expect(Object.keys(cedar['cedar_json'].staticPolicies)).toEqual([first['id'], second['id']])
  })

  test('is refused with each place and what would be right, and nothing is stored', async () => {
    const text = `${anybody}\npermit (principal, action == Action::"request_acess", resource) when { principal.nam == "x" };`
    const { status, body } = await post('/v1/policies', { name: 'x', max_duration_seconds: 1, cedar_policy_set: text })
    expect([status, body['code']]).toEqual([400, 'invalid_body'])
    expect(body['message']).toContain('cedar_policy_set')
    const findings = body['details']['findings'] as Json[]
    const [unknown] = findings
    expect(text.slice(unknown?.['offset'], unknown?.['end'])).toContain('request_acess')
    expect(JSON.stringify(findings)).toContain('did you mean')
    expect((await admin.get('/v1/policies')).body['data']).toEqual([])
  })

  test('whose rule of fields does not fit is refused with the field, and the place in its conditions as they were written', async () => {
    const conditions = '// who\nwhen { principal.nam == "x" }'
    const place = { offset: conditions.indexOf('principal'), end: conditions.indexOf(' == ') }
    const unread = { offset: null, end: null }
    const scope = {
      resource_scope_type: 'is_in',
      resource_entity_type: 'AwsPermissionSet',
      resource_in_id: 'a, resource',
    }
    const wrong = [
      [{ conditions }, { field: 'conditions', ...place }],
      [
        { action_scope_type: 'eq', action_ids: ['reed'] },
        { field: 'action_ids', ...unread },
      ],
      [
        { principal_scope_type: 'is', principal_entity_type: 'Usr' },
        { field: 'principal_entity_type', ...unread },
      ],
      [
        { ...scope, resource_in_type: 'AwsAcount' },
        { field: 'resource_in_type', ...unread },
      ],
    ] as const
    const made = await policy(anybody)
    const [rule] = await rulesOf(made)
    for (const [fields, { field, ...where }] of wrong) {
      const body = { effect: 'permit', ...fields }
      const found = [
        await post('/v1/policies', { name: 'x', max_duration_seconds: 1, rules: [body] }),
        await post(`/v1/policies/${made['id']}/rules`, body),
        await admin.patch(`/v1/policies/${made['id']}/rules/${rule?.['id']}`, fields),
      ]
      for (const [index, { status, body: answer }] of found.entries()) {
        const at = index === 0 ? `rules.0.${field}` : field
        expect([status, answer['details']?.findings]).toEqual([400, [expect.objectContaining({ field: at, ...where })]])
        expect(answer['message']).toContain(at)
      }
    }
  })

  test('that does not parse is refused with the place', async () => {
    const { status, body } = await post('/v1/policies', {
      name: 'x',
      max_duration_seconds: 1,
      cedar_policy_set: 'permit (principal, action, resource',
    })
    expect([status, body['code']]).toEqual([400, 'invalid_body'])
    expect(body['details']['offset']).toEqual(expect.any(Number))
  })

  test('of 140 nested parentheses is refused, and everything else goes on as before', async () => {
    await policy()
    const nested = `permit (principal, action, resource) when { ${'('.repeat(140)}true${')'.repeat(140)} };`
    const before = await world.asOwner('select * from policy_sets')
    for (const path of ['/v1/policies', '/v1/policies/validate', '/v1/policies/evaluate']) {
      const question = { principal: alice, action: 'read', resource: account, policies: nested }
      const body = path.endsWith('evaluate')
        ? question
        : path.endsWith('validate')
          ? { policies: nested }
          : { name: 'deep', max_duration_seconds: 1, cedar_policy_set: nested }
      const { status, text } = await post(path, body)
      expect([path, status < 500, text.includes('64')]).toEqual([path, true, true])
      expect([path, path.endsWith('validate') ? 200 : 400]).toEqual([path, status])
    }
    expect(await world.asOwner('select * from policy_sets')).toEqual(before)
    expect(await ask()).toMatchObject({ permitted: true })
    expect((await admin.get('/v1/policies')).body['data']).toHaveLength(1)
  })

  test('takes conditions as they are and no second statement in them', async () => {
    const rule = {
      effect: 'permit',
      action_scope_type: 'eq',
      action_ids: ['read'],
      conditions: 'when { true }; permit (principal, action, resource)',
    }
    const { status, body } = await post('/v1/policies', { name: 'x', max_duration_seconds: 1, rules: [rule] })
    expect([status, body['code']]).toEqual([400, 'invalid_body'])
    expect(body['message']).toContain('rules.0')
  })

  test('of more rules than may wait to be read at once is saved, checked and simulated, each rule given by itself', async () => {
    const reasons = Array.from({ length: 40 }, (_, n) => `when { context has reason && context.reason == "${n}" }`)
    const fields = (conditions: string): Json => ({
      effect: 'permit',
      action_scope_type: 'eq',
      action_ids: ['read'],
      conditions,
    })
    const made = await policy(anybody, { cedar_policy_set: undefined, rules: reasons.map(fields) })
    const rules = await rulesOf(made)
    expect(rules.map(({ conditions }) => /"(\d+)"/.exec(conditions as string)?.[1])).toEqual(
      reasons.map((_, n) => String(n)),
    )
    const texts = Object.fromEntries(rules.map(({ id, policy_text }) => [id, policy_text]))
    expect((await post('/v1/policies/validate', { policies: texts })).body).toMatchObject({ valid: true })
    const drafts = rules.map(({ policy_text }) => ({ cedar_policy_set: policy_text as string }))
    const { status, body } = await post('/v1/policies/simulations', { policies: drafts, requests: [] })
    expect([status, body]).toMatchObject([200, { evaluated: 0 }])
  })

  test('is saved once by two who have read the same version', async () => {
    const { id } = await policy()
    const saves = await Promise.all(
      [1, 2].map((priority) => admin.patch(`/v1/policies/${id}`, { priority }, { 'if-match': '"1"' })),
    )
    expect(saves.map(({ status }) => status).toSorted()).toEqual([200, 412])
  })

  test('does not take a tenant beyond its 10,000 rules, also when two are saved at once', async () => {
    const { id } = await policy()
    await world.asOwner(
      `insert into policy_rules (tenant_id, id, policy_id, ordinal, effect, principal_scope_type, action_scope_type, action_ids,
          resource_scope_type, conditions, annotations, audit_session, slots, policy_text, policy_json)
        select tenant_id, new_id(), policy_id, n, effect, principal_scope_type, action_scope_type, action_ids,
          resource_scope_type, conditions, annotations, audit_session, slots, policy_text, policy_json
        from policy_rules, generate_series(2, 9998) n where policy_id = $1`,
      [id],
    )
    const saves = await Promise.all(
      ['one', 'two'].map((name) =>
        post('/v1/policies', { name, max_duration_seconds: 1, cedar_policy_set: anybody + anybody }),
      ),
    )
    expect(saves.map(({ status }) => status).toSorted()).toEqual([201, 409])
    expect(saves.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'invalid_state' })
  })

  test('does not take a tenant beyond its 5,000,000 characters', async () => {
    const { id } = await policy()
    await world.asOwner("update policy_rules set policy_text = repeat('x', 4999950) where policy_id = $1", [id])
    const { status, body } = await post('/v1/policies', {
      name: 'more',
      max_duration_seconds: 1,
      cedar_policy_set: anybody,
    })
    expect([status, body['code'], body['message']]).toEqual([
      409,
      'invalid_state',
      expect.stringContaining('characters'),
    ])
  })

  test('takes all of many changes at once that do not ask for a version', async () => {
    const { id } = await policy('')
    const accounts = Array.from({ length: 12 }, (_, index) => `${100000000000 + index}`)
    const added = await Promise.all(
      accounts.map((resource_entity_id) =>
        post(`/v1/policies/${id}/rules`, {
          effect: 'permit',
          resource_scope_type: 'eq',
          resource_entity_type: 'AwsAccount',
          resource_entity_id,
        }),
      ),
    )
    expect(added.map(({ status }) => status)).toEqual(accounts.map(() => 201))
    const rules = await rulesOf({ id })
    expect(rules.map(({ ordinal }) => ordinal)).toEqual(accounts.map((_, index) => index + 1))
    expect(rules.map((rule) => rule['resource_entity_id'] as string).toSorted()).toEqual(accounts)
    expect((await admin.get(`/v1/policies/${id}`)).body['version']).toBe(13)
  })
})

const forms = ['policy_text', 'policy_json', 'slots', 'annotations']
const header = ['id', 'policy_id', 'ordinal', 'version', 'created_at', 'updated_at']

function contentOf(rule: Json): Json {
  return Object.fromEntries(Object.entries(rule).filter(([name]) => !header.includes(name)))
}

function fieldsOf(rule: Json): Json {
  return Object.fromEntries(Object.entries(contentOf(rule)).filter(([name]) => !forms.includes(name)))
}

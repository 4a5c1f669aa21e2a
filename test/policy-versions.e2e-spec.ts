import type { Json } from './support/client.ts'
import { account, anybody, startPolicyWorld } from './support/policy-world.ts'

const { admin, post, policy, rulesOf, ask } = await startPolicyWorld()

describe('versions', () => {
  test('keep every save, tell the difference, and are restored as a new version', async () => {
    const made = await policy()
    const path = `/v1/policies/${made['id']}`
    const [rule] = (await rulesOf(made)) as [Json]
    await admin.patch(path, { priority: 7, description: 'Second' })
    const text = 'permit (principal, action == Action::"request_access", resource is AwsS3Bucket);'
    await admin.patch(`${path}/rules/${rule['id']}`, { policy_text: text })
    const { body: list } = await admin.get(`${path}/versions`)
    expect((list['data'] as Json[]).map(({ number }) => number)).toEqual([3, 2, 1])

    const { body: fields } = await admin.get(`${path}/versions/2/difference`)
    expect(fields).toMatchObject({ from: 1, to: 2, rules: [] })
    expect(fields['fields']).toEqual(
      expect.arrayContaining([
        { field: 'priority', before: 0, after: 7 },
        { field: 'description', before: null, after: 'Second' },
      ]),
    )
    const { body: rules } = await admin.get(`${path}/versions/3/difference?against=1`)
    expect(rules['rules']).toMatchObject([{ rule_id: rule['id'], change: 'changed' }])
    expect(rules['rules'][0].before).toContain('AwsAccount')
    expect(rules['rules'][0].after).toContain('AwsS3Bucket')

    expect(await ask()).toMatchObject({ permitted: false })
    const stale = await post(`${path}/versions/1/restoration`, {}, { 'if-match': '"2"' })
    expect(stale.status).toBe(412)
    const restored = await post(`${path}/versions/1/restoration`, {}, { 'if-match': '"3"' })
    expect([restored.status, restored.body]).toEqual([
      200,
      expect.objectContaining({ version: 4, priority: 0, description: null }),
    ])
    expect(await ask()).toMatchObject({ permitted: true })
    expect((await rulesOf(made)).map(({ id }) => id)).toEqual([rule['id']])
    const { body: first } = await admin.get(`${path}/versions/1`)
    const { body: fourth } = await admin.get(`${path}/versions/4`)
    expect(fourth['document']).toEqual(first['document'])
    expect((await admin.get(`${path}/versions/9`)).status).toBe(404)
  })
})

describe('tests of a policy', () => {
  const denied = {
    name: 'Not bob',
    request: { principal: 'user:bob', action: 'request_access', resource: account },
    expected: 'deny',
  }

  test('refuse a save that breaks them, naming each, unless it is forced', async () => {
    const made = await policy(
      'permit (principal in Group::"on-call", action == Action::"request_access", resource is AwsAccount);',
    )
    const path = `/v1/policies/${made['id']}`
    const allowed = { name: 'On call', request: { ...denied.request, groups: ['on-call'] }, expected: 'allow' }
    for (const test of [denied, allowed]) expect((await post(`${path}/tests`, test)).status).toBe(201)
    expect((await admin.get(`${path}/test-results`)).body).toMatchObject({ passed: true })

    const broken = await admin.patch(path, { cedar_policy_set: anybody })
    expect([broken.status, broken.body['code']]).toEqual([409, 'invalid_state'])
    expect(broken.body['details']['failing_tests']).toMatchObject([
      { name: 'Not bob', expected: 'deny', decision: 'allow' },
    ])
    expect((await admin.get(path)).body['version']).toBe(1)

    const forced = await admin.patch(`${path}?force=true`, { cedar_policy_set: anybody })
    expect([forced.status, forced.body['version']]).toEqual([200, 2])
    expect((await admin.get(`${path}/test-results`)).body).toMatchObject({ passed: false })
    const rule = await post(`${path}/rules`, { effect: 'permit', action_scope_type: 'eq', action_ids: ['read'] })
    expect(rule.status).toBe(409)
    expect(
      (
        await admin.patch(path, {
          cedar_policy_set:
            'forbid (principal, action, resource) unless { principal in Group::"on-call" }; permit (principal in Group::"on-call", action, resource);',
        })
      ).status,
    ).toBe(200)
  })

  test('can bring entities of their own', async () => {
    const made = await policy(
      'permit (principal, action == Action::"read", resource) when { principal has email && principal.email like "*@ops.example" };',
    )
    const entities = [{ uid: { type: 'User', id: 'x' }, attrs: { email: 'x@ops.example' }, parents: [] }]
    const request = { principal: 'user:x', action: 'read', resource: account, entities }
    await post(`/v1/policies/${made['id']}/tests`, { name: 'Ops', request, expected: 'allow' })
    expect((await admin.get(`/v1/policies/${made['id']}/test-results`)).body).toMatchObject({ passed: true })
  })

  const somebody = { uid: { type: 'User', id: 'x' }, attrs: {}, parents: [] }
  test.each<[string, unknown[]]>([
    ['no object', [1]],
    ['without attributes', [{ uid: somebody.uid, parents: [] }]],
    ['its own ancestor', [{ ...somebody, parents: [somebody.uid] }]],
    ['there twice', [somebody, somebody]],
    ['with a value that is none', [{ ...somebody, attrs: { x: { __extn: { fn: 'ip', arg: 'here' } } } }]],
    ['larger than any that a decision should wait for', [{ ...somebody, attrs: { x: 'x'.repeat(65_536) } }]],
    [
      'below more ancestors than Cedar takes',
      Array.from({ length: 100 }, (_, n) => ({
        uid: { type: 'Box', id: `${n}` },
        attrs: {},
        parents: [{ type: 'Box', id: `${n + 1}` }],
      })),
    ],
  ])('are refused with an entity that is %s, naming it', async (_, entities) => {
    const made = await policy()
    const test = { ...denied, request: { ...denied.request, entities } }
    const refused = await post(`/v1/policies/${made['id']}/tests`, test)
    expect([refused.status, refused.body['message']]).toEqual([400, expect.stringContaining('request.entities')])
    const kept = await post(`/v1/policies/${made['id']}/tests`, denied)
    const changed = await admin.patch(`/v1/policies/${made['id']}/tests/${kept.body['id']}`, { request: test.request })
    expect([changed.status, changed.body['message']]).toEqual([400, expect.stringContaining('request.entities')])
  })
})

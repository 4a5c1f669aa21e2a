import type { Json } from './support/client.ts'
import { account, anybody, startPolicyWorld } from './support/policy-world.ts'

const { world, admin, alice, post, policy, rulesOf, ask } = await startPolicyWorld()

describe('a rule', () => {
  test('is added, changed and taken away, and each is a version of its policy', async () => {
    const made = await policy()
    const path = `/v1/policies/${made['id']}/rules`
    const added = await post(path, { effect: 'forbid', action_scope_type: 'eq', action_ids: ['read'], notice: 'No' })
    expect([added.status, added.body['ordinal'], added.body['version']]).toEqual([201, 2, 1])
    const changed = await admin.patch(`${path}/${added.body['id']}`, { action_ids: ['write'], notice: null })
    expect(changed.body).toMatchObject({ action_ids: ['write'], notice: null, effect: 'forbid', version: 2 })
    expect(changed.body['policy_text']).toContain('Action::"write"')
    expect((await admin.delete(`${path}/${added.body['id']}`, { 'if-match': '"1"' })).status).toBe(412)
    expect((await admin.delete(`${path}/${added.body['id']}`, { 'if-match': '"2"' })).status).toBe(204)
    expect((await admin.get(`/v1/policies/${made['id']}`)).body).toMatchObject({ version: 4, rule_count: 1 })
  })

  test('that says the same as before keeps its id when all are given anew', async () => {
    const made = await policy(`${anybody} forbid (principal, action == Action::"read", resource);`)
    const [kept] = await rulesOf(made)
    await admin.patch(`/v1/policies/${made['id']}`, {
      cedar_policy_set: `permit (principal, action == Action::"write", resource); ${anybody}`,
    })
    const after = await rulesOf(made)
    expect(after.map(({ id }) => id === kept?.['id'])).toEqual([false, true])
  })

  test.each([
    ['a condition', 'when { principal.name == "a\\0b" }', ''],
    ['a name of an attribute', 'when { {"\\0": 1} has a }', ''],
    ['an annotation', '', '@notice("\\u{0}")'],
  ])('with NUL in %s is refused, naming it: nothing could store it', async (_, conditions, annotation) => {
    const text = `${annotation} permit (principal, action, resource) ${conditions};`
    const { status, body } = await post('/v1/policies', {
      name: 'x',
      max_duration_seconds: 1,
      rules: [{ policy_text: anybody }, { policy_text: text }],
    })
    expect([status, body['message']]).toEqual([
      400,
      'rules.1.policy_text: rule 2 holds the NUL character (\\0), which cannot be stored; leave it out',
    ])
  })

  test('keeps its id and what it says when all are given in another order, of however many', async () => {
    const texts = Array.from(
      { length: 300 },
      (_, n) => `@notice("${n}") permit (principal == User::"${n}", action == Action::"read", resource is AwsAccount);`,
    )
    const made = await policy(texts.join('\n'))
    const before = await allRulesOf(made)
    await admin.patch(`/v1/policies/${made['id']}`, { cedar_policy_set: texts.toReversed().join('\n') })
    const after = await allRulesOf(made)
    expect(after.map(({ ordinal, version }) => [ordinal, version])).toEqual(texts.map((_, n) => [n + 1, 2]))
    const same = ({ ordinal: _o, version: _v, updated_at: _u, ...others }: Json): Json => others
    expect(after.map(same)).toEqual(before.map(same).toReversed())
  })

  test.each([
    ['principal_entity_id', { principal_entity_type: 'Group', principal_entity_id: 'g' }],
    ['resource_entity_id', { resource_scope_type: 'is', resource_entity_type: 'AwsAccount', resource_entity_id: '1' }],
    [
      'principal_in_id',
      { principal_scope_type: 'in', principal_entity_type: 'Group', principal_entity_id: 'g', principal_in_id: 'h' },
    ],
    ['action_ids', { action_ids: ['read'] }],
  ])(
    'with %s, for which its scope has no place, is refused instead of being wider than it was meant',
    async (field, scope) => {
      const made = await policy()
      const { status, body } = await post(`/v1/policies/${made['id']}/rules`, { effect: 'permit', ...scope })
      expect([status, body['code']]).toEqual([400, 'invalid_body'])
      expect(body['message']).toContain(field.startsWith('principal_entity') ? 'principal_entity_type' : field)
      expect(await rulesOf(made)).toHaveLength(1)
    },
  )

  test('that lacks a field is refused by the name that the field has in the body', async () => {
    const made = await policy()
    const scope = { principal_scope_type: 'eq', principal_entity_type: 'User' }
    const fieldOf = ({ body }: { body: Json }): string => body['details'].fields[0].field as string
    const alone = await post(`/v1/policies/${made['id']}/rules`, { effect: 'permit', ...scope })
    expect([alone.status, fieldOf(alone)]).toEqual([400, 'principal_entity_id'])
    const rules = [{ policy_text: anybody }, { effect: 'permit', action_scope_type: 'in' }]
    const among = await post('/v1/policies', { name: 'x', max_duration_seconds: 1, rules })
    expect([among.status, fieldOf(among)]).toEqual([400, 'rules.1.action_ids'])
    const conditions = { effect: 'permit', conditions: 'when { principal. }' }
    const refused = await post(`/v1/policies/${made['id']}/rules`, conditions)
    expect([refused.status, fieldOf(refused)]).toEqual([400, 'conditions'])
    expect(refused.body['details'].offset).toEqual(expect.any(Number))
  })

  test('keeps its notice, its advice and its audit_session when its other annotations are changed', async () => {
    const made = await policy(`@notice("N") @advice("A") @audit_session("false") @owner("ada") ${anybody}`)
    const [rule] = (await rulesOf(made)) as [Json]
    const path = `/v1/policies/${made['id']}/rules/${rule['id']}`
    const { body } = await admin.patch(path, { annotations: { team: 'core' } })
    expect(body).toMatchObject({ notice: 'N', advice: 'A', audit_session: false })
    expect(body['annotations']).toEqual({ notice: 'N', advice: 'A', audit_session: 'false', team: 'core' })
  })

  test('that is a template decides by its links only, until they are gone', async () => {
    const made = await policy(
      '@notice("By link") permit (principal == ?principal, action == Action::"request_access", resource);',
    )
    const [template] = (await rulesOf(made)) as [Json]
    expect(template['slots']).toEqual(['?principal'])
    expect(await ask()).toMatchObject({ permitted: false })
    const links = `/v1/policies/${made['id']}/rules/${template['id']}/links`
    const link = await post(links, { principal: alice })
    expect([link.status, link.body['principal']]).toEqual([201, { type: 'User', id: world.acme.people.alice }])
    expect(await ask()).toMatchObject({ permitted: true, notices: ['By link'], matching_rule_ids: [template['id']] })
    expect(await ask({ principal: `user:${world.acme.people.bob}` })).toMatchObject({ permitted: false })

    const { body: cedar } = await admin.get(`/v1/policies/${made['id']}/cedar`)
    expect(cedar['cedar_json'].templateLinks).toMatchObject([{ templateId: template['id'], newId: link.body['id'] }])
    const refused = await admin.delete(`/v1/policies/${made['id']}/rules/${template['id']}`)
    expect([refused.status, refused.body['code']]).toEqual([409, 'in_use'])
    const emptied = await admin.patch(`/v1/policies/${made['id']}`, { cedar_policy_set: '' })
    expect([emptied.status, emptied.body['code']]).toEqual([409, 'invalid_state'])

    expect((await admin.delete(`${links}/${link.body['id']}`)).status).toBe(204)
    expect(await ask()).toMatchObject({ permitted: false })
    expect((await admin.delete(`/v1/policies/${made['id']}/rules/${template['id']}`)).status).toBe(204)
  })

  test.each([
    ['nothing in the slot', {}],
    ['a slot that it does not have', { principal: 'user:somebody', resource: account }],
  ])('is not linked with %s', async (_, link) => {
    const made = await policy('permit (principal == ?principal, action == Action::"request_access", resource);')
    const [template] = (await rulesOf(made)) as [Json]
    const { status, body } = await post(`/v1/policies/${made['id']}/rules/${template['id']}/links`, link)
    expect([status, body['code']]).toEqual([400, 'invalid_body'])
  })
})

async function allRulesOf({ id }: Json): Promise<Json[]> {
  const path = `/v1/policies/${id}/rules?limit=150`
  const { body: first } = await admin.get(path)
  const { body: second } = await admin.get(`${path}&cursor=${first['next_cursor']}`)
  return [...first['data'], ...second['data']]
}

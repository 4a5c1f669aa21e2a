import { FactsRepository } from '../libs/policy/src/decisions/facts.repository.ts'
import type { Json } from './support/client.ts'
import { startPolicyWorld } from './support/policy-world.ts'
import { inTenant } from './support/tenant.ts'

const { world, admin, alice, post, policy, evaluate } = await startPolicyWorld()
afterEach(() => admin.put('/v1/policies/schema', { schema: '' }))

describe('the schema', () => {
  test('is built in, and a tenant adds types, actions and attributes that are filled from the directory', async () => {
    const { people } = world.acme
    const { body: before } = await admin.get('/v1/policies/schema')
    expect(before).toMatchObject({ schema: '', built_in_version: 1 })
    expect(before['whole']).toContain('entity User in [Group]')
    const text =
      'permit (principal, action == Action::"merge", resource is Repository) when { principal has cost_centers && principal.cost_centers.contains(42) };'
    expect((await post('/v1/policies', { name: 'x', max_duration_seconds: 1, cedar_policy_set: text })).status).toBe(
      400,
    )
    const schema = `// ours
entity User = { cost_centers?: Set<Long>, desk?: { floor: Long } };
@doc("a") entity Repository, "Wiki" in [Source] = { "entity": Long };
action merge in [write] appliesTo { principal: [User], resource: [Repository], context: RequestContext };
type RequestContext = { build?: String };
namespace Lab { entity Rat; action go appliesTo { principal: [Rat], resource: [Rat] }; }`.replace(', "Wiki"', ', Wiki')
    const saved = await admin.put('/v1/policies/schema', { schema })
    expect([saved.status, saved.text]).toEqual([200, expect.stringContaining('Repository')])
    expect(saved.body).toMatchObject({ schema, version: before['version'] + 1 })
    await policy(text)
    await admin.patch(`/v1/identities/${people.alice}`, { attributes: { cost_centers: [42], desk: { floor: 'x' } } })
    const question = { principal: alice, action: 'merge', resource: 'repository:castellan' }
    expect(await evaluate(question)).toMatchObject({ permitted: true, errors: [] })
    await admin.patch(`/v1/identities/${people.alice}`, { attributes: { cost_centers: ['42'] } })
    expect(await evaluate(question)).toMatchObject({ permitted: false, errors: [] })
    expect((await evaluateError({ ...question, context: { build: 7 } }))['code']).toBe('invalid_body')

    const dropped = await admin.put('/v1/policies/schema', { schema: '' })
    expect([dropped.status, dropped.body['code']]).toEqual([409, 'invalid_state'])
    for (const finding of dropped.body['details']['findings'] as Json[])
      expect(finding).toMatchObject({ policy_id: expect.any(String), rule_id: expect.any(String) })
  })

  test('knows the types of a namespace, in the circumstances as well', async () => {
    await admin.put('/v1/policies/schema', {
      schema: `namespace Acme {
        type Severity = { level: Long, finder?: Robot };
        entity Robot;
        entity Alarm;
        action fix appliesTo { principal: [User], resource: [Alarm], context: { severity: Severity, since?: datetime } };
      }`,
    })
    await policy(`permit (principal, action == Acme::Action::"fix", resource is Acme::Alarm) when {
      context.severity.level > 2 && context.severity has finder && context.severity.finder == Acme::Robot::"r2" };`)
    const ask = (severity: Json) => {
      const context = { severity, since: '2026-01-01' }
      return post('/v1/policies/evaluate', {
        principal: alice,
        action: 'Acme::Action::"fix"',
        resource: 'Acme::Alarm:1',
        context,
      })
    }
    expect((await ask({ level: 3, finder: 'r2' })).body).toMatchObject({ permitted: true })
    expect((await ask({ level: 3, finder: { type: 'Acme::Robot', id: 'r2' } })).body).toMatchObject({ permitted: true })
    expect((await ask({ level: 2, finder: 'r2' })).body).toMatchObject({ permitted: false })
    expect((await ask({ level: 'high' })).body['message']).toBe(
      'context.severity does not fit the schema, which declares it as { finder?: Acme::Robot, level: Long }',
    )
  })

  test('leaves out what of an object does not fit it, and decisions about it go on', async () => {
    await admin.put('/v1/policies/schema', {
      schema: 'entity User = { office?: ipaddr, joined?: datetime, mentor?: User, cost?: decimal };',
    })
    await policy('permit (principal, action == Action::"read", resource) unless { principal has office };')
    const question = { principal: alice, action: 'read', resource: 'aws_account:123456789012' }
    const id = world.acme.people.alice
    for (const attributes of [
      { office: 'upstairs', joined: 'last year', mentor: { type: 'not a type', id: 'x' }, cost: '1,5' },
      {
        office: { __extn: { fn: 'ip', arg: 'x' } },
        joined: '2021-02-30',
        mentor: { type: 'Group', id: 'x' },
        cost: '1.23456',
      },
    ]) {
      await admin.patch(`/v1/identities/${id}`, { attributes })
      expect(await evaluate(question)).toMatchObject({ permitted: true, errors: [] })
    }
    await admin.patch(`/v1/identities/${id}`, { attributes: { office: '10.0.0.1' } })
    expect(await evaluate(question)).toMatchObject({ permitted: false, errors: [] })
    await admin.patch(`/v1/identities/${id}`, { attributes: {} })
  })

  test('is read once by all who ask at once after it was saved', async () => {
    await admin.put('/v1/policies/schema', { schema: 'entity Own;' })
    const question = { principal: alice, action: 'read', resource: 'aws_account:123456789012' }
    const answers = await Promise.all(Array.from({ length: 40 }, () => post('/v1/policies/evaluate', question)))
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([])
  })

  test('is not saved when a link would no longer fit it, and the refusal names the link', async () => {
    await admin.put('/v1/policies/schema', { schema: 'entity Team; entity User in [Team];' })
    const made = await policy('permit (principal in ?principal, action == Action::"read", resource);')
    const [template] = (await admin.get(`/v1/policies/${made['id']}/rules`)).body['data'] as [Json]
    const links = `/v1/policies/${made['id']}/rules/${template['id']}/links`
    const link = await post(links, { principal: 'Team:core' })
    expect(link.status).toBe(201)
    const dropped = await admin.put('/v1/policies/schema', { schema: '' })
    expect([dropped.status, dropped.body['code']]).toEqual([409, 'invalid_state'])
    expect(dropped.body['details']['findings']).toMatchObject([
      { policy_id: made['id'], rule_id: template['id'], link_id: link.body['id'] },
    ])
  })

  test('keeps every version that was saved', async () => {
    const texts = ['entity Own_a;', 'entity Own_b;']
    for (const schema of texts) await admin.put('/v1/policies/schema', { schema })
    const { body: now } = await admin.get('/v1/policies/schema')
    const { body: list } = await admin.get('/v1/policies/schema/versions?limit=2')
    expect(list['data']).toMatchObject([{ number: now['version'] }, { number: now['version'] - 1 }])
    for (const [index, { number }] of (list['data'] as Json[]).toReversed().entries())
      expect((await admin.get(`/v1/policies/schema/versions/${number}`)).body).toMatchObject({
        number,
        schema: texts[index],
        actor: { type: 'api_key' },
      })
    expect((await admin.get('/v1/policies/schema/versions/99999')).status).toBe(404)
    expect((await world.globex.admin.get('/v1/policies/schema/versions')).body['data']).toEqual([])
  })

  test.each([
    ['a built-in attribute of another type', 'entity User = { name: Long };', 'User.name'],
    ['other tags', 'entity User tags Long;', 'tags of User'],
    [
      'another context of a built-in action',
      'action read appliesTo { principal: [User], resource: [AwsAccount], context: { x: Long } };',
      'context of read',
    ],
    ['a built-in type of another kind', 'type Ticket = String;', 'Ticket'],
    ['a type that takes the name of a built-in entity', 'type User = Long;', 'User'],
    ['an entity that takes the name of a built-in type', 'entity Ticket;', 'Ticket'],
    ['a type that nobody declares', 'entity Repository in [Nothing];', 'Nothing'],
    ['no schema at all', 'entity', 'schema'],
  ])('is not changed by %s, and the refusal names it', async (_, schema, named) => {
    const { status, body } = await admin.put('/v1/policies/schema', { schema })
    expect([status, body['code']]).toEqual([400, 'invalid_body'])
    expect(body['message']).toContain(named)
  })

  test('is read once for a version, however large it is, and not with the facts of each decision', async () => {
    const schema = `// ${'x'.repeat(150_000)}\nentity Repository = { public?: Bool };`
    expect((await admin.put('/v1/policies/schema', { schema })).status).toBe(200)
    const nothing = { groups: [], entitlement_id: null, resource_type: null, resource_id: null }
    const wanted = { ...nothing, person_id: world.acme.people.alice ?? null, profile_id: null, source_id: null }
    const facts = await inTenant(world.acme.id, () => world.app.get(FactsRepository).read([wanted, wanted]))
    expect(facts).toHaveLength(2)
    expect(JSON.stringify(facts).length).toBeLessThan(2000)
    expect((await admin.get('/v1/policies/schema')).body).toMatchObject({
      schema,
      whole: expect.stringContaining('Repository'),
    })
  })

  test('is saved once by two who have read the same version', async () => {
    const { headers } = await admin.get('/v1/policies/schema')
    const tag = headers.get('etag') as string
    const saves = await Promise.all(
      ['a', 'b'].map((name) =>
        admin.put('/v1/policies/schema', { schema: `entity Own_${name};` }, { 'if-match': tag }),
      ),
    )
    expect(saves.map(({ status }) => status).toSorted()).toEqual([200, 412])
  })
})

describe('validation', () => {
  const validate = async (body: Json): Promise<Json> => {
    const answer = await post('/v1/policies/validate', body)
    expect([answer.status, answer.text]).toEqual([200, expect.anything()])
    return answer.body
  }

  test('finds every error with its place and what would be right', async () => {
    const policies =
      'permit (principal, action == Action::"read", resource is AwsAccount);\npermit (principal, action == Action::"reed", resource);'
    const report = await validate({ policies })
    expect(report).toMatchObject({ valid: false })
    const [finding] = report['errors'] as [Json]
    expect(finding['policy_id']).toBe('policy1')
    expect(policies.slice(finding['offset'], finding['end'])).toContain('reed')
    expect(finding['help']).toContain('did you mean')
    expect(await validate({ policies: { one: 'permit (principal, action, resource);' } })).toMatchObject({
      valid: true,
      errors: [],
    })
    const cut = await validate({ policies: 'permit (principal' })
    expect(cut).toMatchObject({ valid: false, errors: [{ offset: expect.any(Number), help: expect.any(String) }] })
    expect(cut['errors'][0].message).toMatch(/^failed to parse/)
  })

  test('holds policies against another schema when one is given', async () => {
    const policies = 'permit (principal is Cat, action, resource);'
    expect(await validate({ policies })).toMatchObject({ valid: false })
    const schema = 'entity Cat; action purr appliesTo { principal: [Cat], resource: [Cat] };'
    expect(await validate({ policies, schema })).toMatchObject({ valid: true })
  })
})

async function evaluateError(body: Json): Promise<Json> {
  return (await post('/v1/policies/evaluate', body)).body
}

import type { Json } from '../support/client.ts'
import { startOrg, unique } from './org.ts'

const { world, acme, admin, newSource, newEntitlement, newProfile } = await startOrg()
afterAll(() => world.close())

describe('refusals of a body', () => {
  test.each<[string, Json, string, string]>([
    ['no name', { name: undefined }, '400.1.0', 'name'],
    ['no owner', { owner: undefined }, '400.1.0', 'owner'],
    ['no source', { source: undefined }, '400.1.0', 'source'],
    ['a source that is null', { source: null }, '400.1.0', 'source'],
    ['an owner of another type', { owner: { type: 'SOURCE', id: 'x' } }, '400.1.3', 'owner.type'],
    ['an owner that does not exist', { owner: { id: '019a0000000070008000000000000fff' } }, '400.1.404', 'owner.id'],
    ['a source that does not exist', { source: { id: '019a0000000070008000000000000fff' } }, '400.1.404', 'source.id'],
    ['an entitlement that does not exist', { entitlements: [{ id: '019a0000000070008000000000000fff' }] }, '400.1.404', 'entitlement'],
    ['a segment that does not exist', { segments: ['019a0000000070008000000000000fff'] }, '400.1.404', 'segments'],
    ['a segment that is no id', { segments: ['x'] }, '400.1.3', 'segments.0 must be a uuid'],
    ['a segment twice', { segments: ['019a0000000070008000000000000fff', '019a0000-0000-7000-8000-000000000fff'] }, '400.1.3', 'segments must hold each element once'],
    ['a group that does not exist', { accessRequestConfig: { approvalSchemes: [{ approverType: 'GOVERNANCE_GROUP', approverId: '019a0000000070008000000000000fff' }] } }, '400.1.404', 'accessRequestConfig.approvalSchemes'],
    ['an approver that is no id', { accessRequestConfig: { approvalSchemes: [{ approverType: 'GOVERNANCE_GROUP', approverId: 'x' }] } }, '400.1.404', 'accessRequestConfig.approvalSchemes.0.approverId'],
    ['an unknown approver', { revocationRequestConfig: { approvalSchemes: [{ approverType: 'SOMEBODY' }] } }, '400.1.3', 'approverType'],
    ['a workflow, which there are none of', { accessRequestConfig: { approvalSchemes: [{ approverType: 'WORKFLOW', approverId: 'x' }] } }, '400.1.3', 'approverType'],
    ['a description that is too long', { description: 'x'.repeat(2001) }, '400.1.4', 'description'],
    ['metadata', { accessModelMetadata: { attributes: [{ key: 'x' }] } }, '400.1 ', 'accessModelMetadata'],
    ['nothing to give', { entitlements: [] }, '400.1 ', 'enabled'],
    ['an unknown field', { surprise: 1 }, '400.1 ', 'surprise'],
    ['criteria of four levels', { provisioningCriteria: { operation: 'AND', children: [{ operation: 'OR', children: [{ operation: 'AND', children: [{ operation: 'HAS', attribute: 'x' }] }] }] } }, '400.1 ', 'provisioningCriteria.children.0.children.0.children'],
    ['criteria that lack their value', { provisioningCriteria: { operation: 'EQUALS', attribute: 'x' } }, '400.1 ', 'provisioningCriteria.value'],
    ['the name of somebody else', { owner: { id: 'alice', name: 'bob' } }, '400.1 ', 'owner.name'],
  ])('%s', async (_, more, code, named) => {
    const source = await newSource()
    if (more['owner']?.id === 'alice') more['owner'].id = acme.people.alice
    const { status, body, text } = await admin.post<Json>('/v3/access-profiles', {
      name: unique('refused'),
      owner: { id: acme.people.alice },
      source: { id: source },
      entitlements: [{ id: await newEntitlement(source) }],
      ...more,
    })
    expect([status, String(body['detailCode']).startsWith(code), text]).toEqual([400, true, expect.stringContaining(named)])
    expect(body['causes'].length).toBeGreaterThan(0)
  }) // prettier-ignore

  test('an entitlement of another source, and a name that exists in another case', async () => {
    const { name } = await newProfile()
    const body = { owner: { id: acme.people.alice }, source: { id: await newSource() } }
    const foreign = { ...body, name: 'x', entitlements: [{ id: await newEntitlement(await newSource()) }] }
    expect((await admin.post<Json>('/v3/access-profiles', foreign)).text).toContain('belong to other sources')
    const twice = { ...body, name: String(name).toUpperCase(), enabled: false }
    const { status, body: refused } = await admin.post<Json>('/v3/access-profiles', twice)
    expect([status, refused['detailCode']]).toEqual([400, '400.1.409 Reference conflict'])
  })

  test('what clients of other tools send is taken: empty texts for nothing, approvers that are implied, inner extras', async () => {
    const profile = await newProfile({
      accessRequestConfig: { approvalSchemes: [{ approverType: 'OWNER', approverId: '' }, { approverType: 'MANAGER', approverId: 'x' }] },
      provisioningCriteria: { operation: 'AND', attribute: '', value: '', children: [{ operation: 'HAS', attribute: 'dn', value: '' }] },
      owner: { type: null, id: acme.people.alice, name: null, displayName: 'Alice' },
      id: '2c91808a7190d06e01719938fcd20792', created: 'once', modified: null, enabled: true,
    }) // prettier-ignore
    expect(profile['accessRequestConfig'].approvalSchemes).toEqual([
      { approverType: 'OWNER', approverId: null },
      { approverType: 'MANAGER', approverId: null },
    ])
    expect(profile['provisioningCriteria']).toEqual({
      operation: 'AND',
      children: [{ operation: 'HAS', attribute: 'dn' }],
    })
  })
})

test('a shape for each failure that is no refusal of a value', async () => {
  const anonymous = await world.anonymous.get<Json>('/v3/access-profiles')
  expect([anonymous.status, anonymous.body]).toEqual([401, { error: expect.any(String) }])
  const method = await admin.put<Json>('/v3/access-profiles', {})
  expect([method.status, Object.keys(method.body)]).toEqual([405, ['errorName', 'errorMessage', 'trackingId']])
  const nothing = await admin.get<Json>('/beta/nothing', { 'accept-language': 'fr-CA' })
  expect([nothing.status, nothing.body['detailCode'], nothing.body['messages'][1].locale]).toEqual([
    404,
    '404 Not found',
    'fr',
  ])
  const broken = await admin.post<Json>('/v3/access-profiles', '{', { 'content-type': 'application/json' })
  expect([broken.status, broken.body['detailCode']]).toEqual([400, '400.0 Bad request syntax'])
})

import { jest } from '@jest/globals'
import {
  Configuration, EntitlementsV2024Api, GovernanceGroupsV2024Api, IdentitiesV2024Api, PersonalAccessTokensApi,
  PublicIdentitiesApi, RolesApi, SegmentsApi, SourcesApi, TaskManagementV2024Api, type Segment, type WorkgroupDtoV2024,
} from 'sailpoint-api-client' // prettier-ignore
import type { Json } from '../support/client.ts'
import { startWorld, type TestTenant, type World } from '../support/world.ts'
import { Contract } from './support/contract.ts'
import { hex, refusal } from './support/refusal.ts'
import { configurationFor, configurationOf } from './support/sailpoint.ts'

/* The official client drives every operation on what stands around access profiles. */

const v3 = new Contract('neighbours.v3.latest.openapi.json')
const v2024 = new Contract('neighbours.v2024.latest.openapi.json')
const nowhere = hex('019a0000-0000-7000-8000-00000000dead')

let world: World
let acme: TestTenant
let configuration: Configuration
let count = 0

beforeAll(async () => {
  // The client warns on each call of what it calls experimental.
  jest.spyOn(console, 'log').mockImplementation(() => undefined)
  world = await startWorld()
  acme = world.acme
  configuration = await configurationOf(world, acme)
})
afterAll(() => world.close())

async function made(path: string, body: Json): Promise<string> {
  const answer = await acme.admin.post(path, body)
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`)
  return answer.body['id'] as string
}

describe('entitlements', () => {
  let api: EntitlementsV2024Api
  let source: string
  const experimental = { xSailPointExperimental: 'true' }

  beforeAll(async () => {
    api = new EntitlementsV2024Api(configuration)
    source = await made('/v1/sources', { name: 'Directory', connector: 'ad' })
  })

  const entitlement = (more: Json = {}): Promise<string> =>
    made('/v1/entitlements', {
      name: `E${++count}`,
      source_id: source,
      attribute: 'memberOf',
      value: `CN=${count}`,
      ...more,
    })

  test('are got, patched and read back, within the contract', async () => {
    const id = await entitlement({ type: 'group' })
    const segment = await made('/v1/segments', { name: `S${++count}` })
    const { data, status } = await api.patchEntitlement({
      id,
      jsonPatchOperationV2024: [
        { op: 'replace', path: '/requestable', value: true },
        { op: 'replace', path: '/privileged', value: 'true' },
        { op: 'replace', path: '/segments', value: [segment] },
        { op: 'replace', path: '/owner', value: { type: 'IDENTITY', id: hex(acme.people.bob) } },
        { op: 'replace', path: '/name', value: 'Renamed' },
        { op: 'replace', path: '/description', value: 'Described' },
        { op: 'add', path: '/manuallyUpdatedFields', value: { DISPLAY_NAME: true } },
      ],
      ...experimental,
    })
    expect([status, v2024.problem('Entitlement', data)]).toEqual([200, null])
    expect(data).toMatchObject({
      id: hex(id),
      name: 'Renamed',
      description: 'Described',
      requestable: true,
      privileged: true,
      segments: [segment],
      owner: { type: 'IDENTITY', id: hex(acme.people.bob), name: 'bob' },
      source: { type: 'SOURCE', id: hex(source), name: 'Directory' },
      sourceSchemaObjectType: 'group',
      manuallyUpdatedFields: { DISPLAY_NAME: true },
    })
    expect((await api.getEntitlement({ id: hex(id), ...experimental })).data).toEqual(data)
    const refused = await refusal(
      api.patchEntitlement({
        id,
        jsonPatchOperationV2024: [{ op: 'replace', path: '/attribute', value: 'x' }],
        ...experimental,
      }),
    )
    expect(refused).toMatchObject({ status: 400, code: '400.1.1 Illegal update attempt' })
    expect((await refusal(api.getEntitlement({ id: nowhere, ...experimental }))).status).toBe(404)
  })

  test('are changed in bulk, all of them or none', async () => {
    const ids = [await entitlement(), await entitlement()]
    const jsonPatch = [{ op: 'replace' as const, path: '/requestable', value: true }]
    const update = (entitlementIds: string[]) =>
      api.updateEntitlementsInBulk({
        entitlementBulkUpdateRequestV2024: { entitlementIds, jsonPatch },
        ...experimental,
      })
    expect((await update(ids.map(hex))).status).toBe(204)
    for (const id of ids) expect((await api.getEntitlement({ id, ...experimental })).data.requestable).toBe(true)
    const fresh = await entitlement()
    const refused = await refusal(update([fresh, nowhere]))
    expect(refused).toMatchObject({ status: 400, code: '400.1.404 Referenced object not found' })
    expect((await api.getEntitlement({ id: fresh, ...experimental })).data.requestable).toBe(false)
    const many = await refusal(update(Array.from({ length: 51 }, (_, n) => `019a00000000700080000000000${10_000 + n}`)))
    expect([many.status, many.text]).toEqual([400, expect.stringContaining('50')])
  })

  test('say what asking for them takes', async () => {
    const id = await entitlement()
    const group = await made('/v1/groups', { name: `G${++count}` })
    const empty = await api.getEntitlementRequestConfig({ id, ...experimental })
    expect(v2024.problem('EntitlementRequestConfig', empty.data)).toBeNull()
    expect((empty.data as Json)['accessRequestConfig']).toMatchObject({
      approvalSchemes: [],
      requestCommentRequired: false,
    })
    const config: Json = {
      accessRequestConfig: {
        approvalSchemes: [
          { approverType: 'SOURCE_OWNER', approverId: null },
          { approverType: 'GOVERNANCE_GROUP', approverId: hex(group) },
        ],
        requestCommentRequired: true,
        denialCommentRequired: false,
        reauthorizationRequired: true,
        requireEndDate: true,
        maxPermittedAccessDuration: { value: 3, timeUnit: 'WEEKS' },
      },
      revocationRequestConfig: { approvalSchemes: [{ approverType: 'MANAGER', approverId: null }] },
    }
    const put = (entitlementRequestConfigV2024: Json) =>
      api.putEntitlementRequestConfig({ id, entitlementRequestConfigV2024, ...experimental })
    expect((await put(config)).data).toEqual(config)
    expect((await api.getEntitlementRequestConfig({ id, ...experimental })).data).toEqual(config)
    const unknown = {
      accessRequestConfig: { approvalSchemes: [{ approverType: 'GOVERNANCE_GROUP', approverId: nowhere }] },
    }
    expect((await refusal(put(unknown))).code).toBe('400.1.404 Referenced object not found')
    expect((await acme.admin.delete(`/v1/groups/${group}`)).body['code']).toBe('in_use')
    expect(((await put({})).data as Json)['accessRequestConfig']).toMatchObject({
      approvalSchemes: [],
      requireEndDate: false,
    })
    expect((await acme.admin.delete(`/v1/groups/${group}`)).status).toBe(204)
  })

  test('are listed by filters, sorters and segments', async () => {
    const other = await made('/v1/sources', { name: 'Other', connector: 'ad' })
    const [north, south] = [
      await made('/v1/segments', { name: 'North' }),
      await made('/v1/segments', { name: 'South' }),
    ]
    for (let n = 0; n < 6; n++) {
      await made('/v1/entitlements', {
        name: `List+${n}`, source_id: other, attribute: n < 2 ? 'groups' : 'memberOf', value: `v${n}`, type: n < 4 ? 'group' : 'role',
        requestable: n === 5, owner_id: n === 4 ? acme.people.carol : null, segment_ids: n === 0 ? [north] : n === 1 ? [south] : [],
      }) // prettier-ignore
    }
    const names = async (filters: string, more: Json = {}): Promise<string> => {
      const { data } = await api.listEntitlements({
        filters: `source.id eq "${hex(other)}" and ${filters}`,
        ...more,
        ...experimental,
      })
      expect(v2024.problem('Entitlement', data)).toBeNull()
      return data.map(({ name }) => name?.slice(-1)).join('')
    }
    expect(await names('name sw "list+"')).toBe('012345')
    expect(await names('name in ("list+1","LIST+2")')).toBe('12')
    expect(await names('type eq "role"')).toBe('45')
    expect(await names('attribute eq "GROUPS"')).toBe('01')
    expect(await names('value sw "v" and requestable eq true')).toBe('5')
    expect(await names(`owner.id eq "${acme.people.carol}"`)).toBe('4')
    expect(await names('created gt 2020-01-01')).toBe('012345')
    for (const sorters of [
      'id',
      'name',
      'created',
      'modified',
      'type',
      'attribute',
      'value',
      'source.id',
      'requestable',
    ])
      expect(await names('name sw "list"', { sorters: `-${sorters}` })).toHaveLength(6)
    expect(await names('name sw "list"', { sorters: '-name' })).toBe('543210')
    expect(await names('name sw "list"', { forSegmentIds: `${north},${south}`, includeUnsegmented: false })).toBe('01')
    expect(await names('name sw "list"', { forSegmentIds: north })).toBe('02345')
    expect((await refusal(names('name sw "l"', { includeUnsegmented: false }))).status).toBe(400)
    expect((await refusal(names('name sw "l"', { accountId: 'x' }))).status).toBe(400)
    expect((await acme.admin.delete(`/v1/segments/${north}`)).body['code']).toBe('in_use')
  })

  test('segmented for oneself are those of one’s active segments, and of none', async () => {
    const expression = { operator: 'EQUALS', attribute: 'department', value: { type: 'STRING', value: 'Engines' } }
    const nobody = { ...expression, value: { type: 'STRING', value: 'Sails' } }
    const name = { operator: 'EQUALS', attribute: 'name', value: { type: 'STRING', value: 'Ada' } }
    const segment = (active: boolean, root: Json): Promise<string> =>
      made('/v1/segments', { name: `Seen ${++count}`, active, visibility_criteria: { expression: root } })
    const own = await made('/v1/sources', { name: 'Seen', connector: 'ad' })
    const segments = [
      await segment(true, expression), await segment(true, nobody), await segment(false, expression),
      await segment(true, { operator: 'AND', children: [expression, name] }),
      await segment(true, { operator: 'AND', children: [expression, nobody] }),
    ] // prettier-ignore
    for (const [n, id] of segments.entries())
      await entitlement({ name: `Seen ${n}`, source_id: own, segment_ids: [id] })
    await entitlement({ name: 'Seen 9', source_id: own })
    const ada = await made('/v1/identities', { name: 'Ada', attributes: { department: 'engines' } })
    const mine = new EntitlementsV2024Api(await configurationFor(world, acme, ada))
    const filters = `source.id eq "${own}"`
    const seen = await mine.listEntitlements({ filters, segmentedForIdentity: 'me', ...experimental })
    expect(seen.data.map(({ name: each }) => each)).toEqual(['Seen 0', 'Seen 3', 'Seen 9'])
    const refused = mine.listEntitlements({ segmentedForIdentity: hex(acme.people.bob), ...experimental })
    expect((await refusal(refused)).status).toBe(403)
  })

  test('are changed by sub-administrators of their source only', async () => {
    const group = await made('/v1/groups', { name: `Admins ${++count}` })
    const own = await made('/v1/sources', { name: `Own ${count}`, connector: 'ad', management_group_id: group })
    const sub = await made('/v1/identities', { name: 'Sub', authorities: ['SOURCE_SUBADMIN'] })
    await acme.admin.put(`/v1/groups/${group}/members/${sub}`)
    const mine = new EntitlementsV2024Api(await configurationFor(world, acme, sub))
    const patch = (id: string) =>
      mine.patchEntitlement({
        id,
        jsonPatchOperationV2024: [{ op: 'replace', path: '/privileged', value: true }],
        ...experimental,
      })
    expect((await patch(await entitlement({ source_id: own }))).status).toBe(200)
    expect((await refusal(patch(await entitlement()))).status).toBe(403)
  })
})

describe('people', () => {
  test('are looked up, within the contract, by who may do nothing else', async () => {
    const manager = await made('/v1/identities', { name: 'Grace', email: 'grace@acme.example' })
    const id = await made('/v1/identities', {
      name: 'Alan Turing', manager_id: manager, external_id: 'alan.turing',
      attributes: { uid: 'ATuring+1', firstname: 'Alan', lastname: 'Turing' },
    }) // prettier-ignore
    const api = new PublicIdentitiesApi(await configurationOf(world, acme, ['identities:public']))
    const find = async (filters: string, more: Json = {}) => (await api.getPublicIdentities({ filters, ...more })).data
    for (const filters of [
      `id eq "${hex(id)}"`, 'alias eq "aturing+1"', 'alias sw "ATUR"', 'firstname eq "alan"', 'lastname sw "Tur" and firstname sw "A"',
    ]) expect((await find(filters)).map((each) => each.id)).toEqual([hex(id)]) // prettier-ignore
    const [found] = await find('alias eq "aturing+1"')
    expect(v3.problem('PublicIdentity', found)).toBeNull()
    expect(found).toMatchObject({
      name: 'Alan Turing', alias: 'ATuring+1', email: null, identityState: 'ACTIVE', attributes: [],
      manager: { type: 'IDENTITY', id: hex(manager), name: 'Grace' },
    }) // prettier-ignore
    expect(await find('alias eq "aturing+1"', { addCoreFilters: true })).toEqual([])
    expect((await find('email eq "GRACE@acme.example"', { sorters: '-name' })).map(({ name }) => name)).toEqual([
      'Grace',
    ])
    const { headers } = await api.getPublicIdentities({ count: true, limit: 0 })
    expect(Number(headers['x-total-count'])).toBeGreaterThan(3)
    const none = new PublicIdentitiesApi(await configurationOf(world, acme, ['grants:read']))
    expect((await refusal(none.getPublicIdentities())).status).toBe(403)
  })

  test('are listed and got whole', async () => {
    const api = new IdentitiesV2024Api(configuration)
    const id = await made('/v1/identities', { name: 'Whole', lifecycle_state: 'inactive', attributes: { a: { b: 1 } } })
    const more = { xSailPointExperimental: 'true' }
    const { data } = await api.getIdentity({ id, ...more })
    expect(v2024.problem('Identity', data)).toBeNull()
    expect(data).toMatchObject({
      name: 'Whole', alias: 'Whole', identityStatus: 'DEACTIVATED', attributes: { a: { b: 1 } }, isManager: false,
      lifecycleState: { stateName: 'inactive', manuallyUpdated: false }, managerRef: null,
    }) // prettier-ignore
    for (const filters of [`id in ("${id}")`, 'name eq "whole"', 'cloudStatus eq "DEACTIVATED" and correlated eq true'])
      expect((await api.listIdentities({ filters, sorters: 'name,-alias,cloudStatus', ...more })).data).toEqual([data])
    expect((await api.listIdentities({ filters: 'protected eq true', ...more })).data).toEqual([])
    expect(
      (await api.listIdentities({ filters: 'processingState eq "ERROR"', defaultFilter: 'NONE', ...more })).data,
    ).toEqual([])
    expect((await refusal(api.getIdentity({ id: nowhere, ...more }))).status).toBe(404)
  })
})

describe('segments', () => {
  let api: SegmentsApi
  beforeAll(() => {
    api = new SegmentsApi(configuration)
  })

  test('are made, patched, listed and deleted, within the contract', async () => {
    const leaf = (attribute: string, value: string): Json => ({
      operator: 'EQUALS',
      attribute,
      value: { type: 'STRING', value },
    })
    const segment = {
      name: 'East', description: 'Of the east', active: true, owner: { type: 'IDENTITY', id: hex(acme.people.alice), name: 'alice' },
      visibilityCriteria: {
        expression: { operator: 'AND', attribute: null, value: null, children: [{ ...leaf('location', 'East'), children: null }, { ...leaf('department', 'R&D'), children: null }] },
      },
    } as unknown as Segment // prettier-ignore
    const { data, status } = await api.createSegment({ segment })
    expect([status, v3.problem('Segment', data)]).toEqual([201, null])
    expect(data).toMatchObject(segment as Json)
    expect(data.id).toMatch(/^[0-9a-f]{8}-/)
    const id = data.id as string
    const expression = { ...leaf('location', 'West'), children: [] }
    const patched = await api.patchSegment({
      id,
      requestBody: [
        { op: 'replace', path: '/visibilityCriteria', value: { expression } },
        { op: 'replace', path: '/active', value: false },
        { op: 'remove', path: '/owner' },
      ],
    })
    expect(v3.problem('Segment', patched.data)).toBeNull()
    expect(patched.data).toMatchObject({
      active: false, owner: null, visibilityCriteria: { expression: { ...expression, children: null } },
    }) // prettier-ignore
    expect((await api.getSegment({ id })).data).toEqual(patched.data)
    expect((await api.listSegments({ limit: 250 })).data).toContainEqual(patched.data)
    expect((await api.deleteSegment({ id })).status).toBe(204)
    expect((await refusal(api.deleteSegment({ id }))).status).toBe(404)
  })

  test('whose criteria are no tree of two levels are refused', async () => {
    const post = (root: Json) =>
      api.createSegment({ segment: { name: `Bad ${++count}`, visibilityCriteria: { expression: root } } as Segment })
    const leaf = { operator: 'EQUALS', attribute: 'a', value: { value: 'b' } }
    for (const root of [
      { operator: 'AND' }, { operator: 'OR', children: [leaf] }, { operator: 'EQUALS', attribute: 'a' },
      { operator: 'EQUALS', value: { value: 'b' } }, { operator: 'AND', children: [{ operator: 'AND', children: [leaf] }] },
      { ...leaf, children: [leaf] },
    ]) expect([root, (await refusal(post(root))).status]).toEqual([root, 400]) // prettier-ignore
  })

  test('are for ORG_ADMIN', async () => {
    const person = new SegmentsApi(await configurationFor(world, acme, acme.people.bob))
    expect((await refusal(person.listSegments())).status).toBe(403)
  })
})

describe('governance groups', () => {
  let api: GovernanceGroupsV2024Api
  const more = { xSailPointExperimental: 'true' }
  beforeAll(() => {
    api = new GovernanceGroupsV2024Api(configuration)
  })
  // The published schema of an owner is made of two, neither of which knows the other's members.
  const workgroupProblem = ({ owner, ...rest }: WorkgroupDtoV2024): string | null =>
    v2024.problem('WorkgroupDto', rest) ??
    (owner === undefined ? null : v2024.problem('OwnerDto', { type: owner.type, id: owner.id, name: owner.name }))
  const create = async (name = `Group ${++count}`): Promise<string> => {
    const workgroupDtoV2024 = { name, owner: { type: 'IDENTITY', id: acme.people.alice } } as WorkgroupDtoV2024
    return (await api.createWorkgroup({ workgroupDtoV2024, ...more })).data.id as string
  }

  test('are made, patched, listed and deleted, within the contract', async () => {
    const id = await create('Reviewers+1')
    const patch = [{ op: 'replace' as const, path: '/description', value: 'They decide' }]
    const { data } = await api.patchWorkgroup({ id, jsonPatchOperationV2024: patch, ...more })
    expect(workgroupProblem(data)).toBeNull()
    expect(data).toMatchObject({
      name: 'Reviewers+1', description: 'They decide', memberCount: 0, connectionCount: 0,
      owner: { type: 'IDENTITY', id: hex(acme.people.alice), displayName: 'alice', emailAddress: 'alice@acme.example' },
    }) // prettier-ignore
    for (const filters of [
      `id eq "${id}"`,
      `id sw "${id.slice(0, 24)}"`,
      'name eq "reviewers+1"',
      'name sw "REVIEWERS+"',
    ])
      expect(
        (await api.listWorkgroups({ filters, sorters: 'name,-created,modified,id,description', ...more })).data,
      ).toContainEqual(data)
    const ownerless = await made('/v1/groups', { name: 'Ownerless' })
    expect(workgroupProblem((await api.getWorkgroup({ id: ownerless, ...more })).data)).toBeNull()
    expect((await api.deleteWorkgroup({ id, ...more })).status).toBe(204)
    expect((await refusal(api.getWorkgroup({ id, ...more }))).status).toBe(404)
  })

  test('gain and lose members, each with its status', async () => {
    const id = await create()
    const people = [acme.people.alice, acme.people.bob, nowhere].map((each) => ({
      type: 'IDENTITY' as const,
      id: hex(each),
    }))
    const request = { workgroupId: id, identityPreviewResponseIdentityV2024: people, ...more }
    const added = await api.updateWorkgroupMembers(request)
    expect([added.status, v2024.problem('WorkgroupMemberAddItem', added.data)]).toEqual([207, null])
    expect(added.data.map(({ status }) => status)).toEqual([201, 201, 404])
    expect((await api.updateWorkgroupMembers(request)).data.map(({ status }) => status)).toEqual([409, 409, 404])
    const members = await api.listWorkgroupMembers({ workgroupId: id, sorters: '-name', count: true, ...more })
    expect(members.data.map(({ name }) => name)).toEqual(['bob', 'alice'])
    expect(members.headers['x-total-count']).toBe('2')
    const found = await api.listWorkgroups({ filters: `memberships.identityId eq "${acme.people.bob}"`, ...more })
    expect(found.data.map(({ id: each, memberCount }) => [each, memberCount])).toEqual([[id, 2]])
    expect((await refusal(api.listWorkgroupMembers({ workgroupId: id, limit: 51, ...more }))).status).toBe(400)
    const removed = await api.deleteWorkgroupMembers(request)
    expect(v2024.problem('WorkgroupMemberDeleteItem', removed.data)).toBeNull()
    expect(removed.data.map(({ status }) => status)).toEqual([204, 204, 404])
  })

  test('tell what they are connected to, and are kept while they are', async () => {
    const [id, free] = [await create(), await create()]
    const source = await made('/v1/sources', { name: `Managed ${++count}`, connector: 'ad', management_group_id: id })
    const entitlement = await made('/v1/entitlements', { source_id: source, name: 'E' })
    const base = { entitlements: [{ entitlement_id: entitlement }] }
    const approved = await made('/v1/access-profiles', {
      ...base, name: `Approved ${count}`, request_config: { approval_schemes: [{ approver_type: 'GOVERNANCE_GROUP', approver_id: id }] },
    }) // prettier-ignore
    const owned = await made('/v1/access-profiles', {
      ...base, name: `Owned ${count}`, additional_owners: [{ type: 'GOVERNANCE_GROUP', id }],
    }) // prettier-ignore
    const { data } = await api.listConnections({ workgroupId: id, sorters: 'created', ...more })
    expect(v2024.problem('WorkgroupConnectionDto', data)).toBeNull()
    expect(data.map(({ object, connectionType }) => [object?.type, object?.id, connectionType])).toEqual([
      ['SOURCE', hex(source), 'ManagementWorkgroup'],
      ['ACCESS_PROFILE', hex(approved), 'AccessRequestReviewer'],
      ['ACCESS_PROFILE', hex(owned), 'Owner'],
    ])
    expect((await api.getWorkgroup({ id, ...more })).data.connectionCount).toBe(3)
    const bulk = await api.deleteWorkgroupsInBulk({
      workgroupBulkDeleteRequestV2024: { ids: [id, free, nowhere] },
      ...more,
    })
    expect([bulk.status, v2024.problem('WorkgroupDeleteItem', bulk.data)]).toEqual([207, null])
    expect(bulk.data.map(({ status }) => status)).toEqual([409, 204, 404])
  })
})

describe('roles', () => {
  test('are the access profiles that inherit, with what they inherit from', async () => {
    const api = new RolesApi(configuration)
    const source = await made('/v1/sources', { name: 'Roles', connector: 'ad' })
    const entitlement = await made('/v1/entitlements', { source_id: source, name: 'R' })
    const part = await made('/v1/access-profiles', {
      name: 'Part',
      entitlements: [{ entitlement_id: entitlement }],
      owner_id: acme.people.bob,
    })
    const role = await made('/v1/access-profiles', {
      name: 'Role+1',
      inherits: [part],
      owner_id: acme.people.bob,
      requestable: false,
    })
    const { data } = await api.getRole({ id: role })
    expect(v3.problem('Role', data)).toBeNull()
    expect(data).toMatchObject({
      id: hex(role), name: 'Role+1', enabled: true, requestable: false, entitlements: [],
      accessProfiles: [{ id: hex(part), type: 'ACCESS_PROFILE', name: 'Part' }], owner: { name: 'bob' },
    }) // prettier-ignore
    expect((await api.listRoles()).data).toEqual([data])
    const filters = `name sw "role+" and requestable eq false and owner.id in ("${hex(acme.people.bob)}") and created gt 2020-01-01`
    expect((await api.listRoles({ filters, sorters: '-modified,name', count: true })).headers['x-total-count']).toBe(
      '1',
    )
    expect((await refusal(api.getRole({ id: part }))).status).toBe(404)
    expect((await refusal(api.listRoles({ limit: 51 }))).status).toBe(400)
  })
})

describe('tasks', () => {
  test('tell that a source was deleted, and who asked', async () => {
    const id = await made('/v1/sources', { name: 'Doomed', connector: 'ad' })
    const { data: task } = await new SourcesApi(configuration).deleteSource({ id })
    const api = new TaskManagementV2024Api(configuration)
    const { data } = await api.getTaskStatus({ id: task.id as string })
    expect(v2024.problem('TaskStatus', data)).toBeNull()
    expect(data).toMatchObject({
      id: task.id, completionStatus: 'SUCCESS', percentComplete: 100, description: 'Delete the source Doomed',
      target: { id: hex(id), name: 'Doomed' },
    }) // prettier-ignore
    expect(data.launcher).toMatch(/^client /)
    expect((await refusal(api.getTaskStatus({ id: nowhere }))).status).toBe(404)
  })
})

describe('personal access tokens', () => {
  test('are made, used by the client’s own token fetch, changed and deleted', async () => {
    const person = await made('/v1/identities', { name: 'Lovelace', authorities: ['ORG_ADMIN'] })
    const api = new PersonalAccessTokensApi(await configurationFor(world, acme, person))
    const { data: token, status } = await api.createPersonalAccessToken({
      createPersonalAccessTokenRequest: {
        name: 'Mine',
        scope: ['sp:scopes:all'],
        accessTokenValiditySeconds: 600,
      } as never,
    })
    expect([status, v3.problem('CreatePersonalAccessTokenResponse', token)]).toEqual([200, null])
    expect(token).toMatchObject({
      scope: ['sp:scopes:all'],
      owner: { type: 'IDENTITY', id: hex(person), name: 'Lovelace' },
    })

    const [baseurl, clientId, clientSecret] = [world.url, token.id, token.secret]
    const own = new Configuration({ baseurl, clientId, clientSecret, tokenUrl: `${baseurl}/oauth/token` })
    own.retriesConfig = { retries: 0 }
    expect((await new SegmentsApi(own).listSegments()).status).toBe(200)
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    })
    const { body } = await world.anonymous.post('/oauth/token', form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(body).toMatchObject({ expires_in: 600, identity_id: person, user_id: person, org: 'acme' })
    const claims = JSON.parse(
      Buffer.from(String(body['access_token']).split('.')[1] ?? '', 'base64url').toString(),
    ) as Json
    expect(claims).toMatchObject({ authorities: ['ORG_ADMIN'], org: 'acme', identity_id: person })

    const patch = [
      { op: 'replace' as const, path: '/name', value: 'Renamed' },
      { op: 'replace' as const, path: '/scope', value: ['idn:sources:read'] },
    ]
    const { data: changed } = await api.patchPersonalAccessToken({ id: token.id, jsonPatchOperation: patch })
    expect(v3.problem('GetPersonalAccessTokenResponse', { ...changed, lastUsed: changed.lastUsed })).toBeNull()
    expect(changed).toMatchObject({ id: token.id, name: 'Renamed', scope: ['idn:sources:read'] })
    expect((await refusal(new SegmentsApi(own).listSegments())).status).toBe(403)
    expect((await new SourcesApi(own).listSources()).status).toBe(200)
    expect((await api.listPersonalAccessTokens({ ownerId: 'me' })).data.map(({ name }) => name)).toEqual(['Renamed'])
    expect((await api.listPersonalAccessTokens({ ownerId: 'me', filters: 'lastUsed isnull' })).data).toHaveLength(0)
    expect((await api.deletePersonalAccessToken({ id: token.id })).status).toBe(204)
    expect((await refusal(new SourcesApi(own).listSources())).status).toBe(401)
  })

  test('are at most ten each, never more than their maker can do, and one’s own', async () => {
    const person = await made('/v1/identities', { name: 'Ten' })
    const other = await made('/v1/identities', { name: 'Other' })
    const create = (configured: Configuration, scope: string[], name = 'n') =>
      new PersonalAccessTokensApi(configured).createPersonalAccessToken({
        createPersonalAccessTokenRequest: { name, scope },
      })
    const mine = await configurationFor(world, acme, person)
    const { data: first } = await create(mine, ['sp:my-personal-access-tokens:manage', 'idn:entitlement:read'])
    const narrow = new Configuration({
      baseurl: world.url, clientId: first.id, clientSecret: first.secret, tokenUrl: `${world.url}/oauth/token`,
    }) // prettier-ignore
    narrow.retriesConfig = { retries: 0 }
    expect((await refusal(create(narrow, ['idn:sources:manage']))).status).toBe(403)
    const { data: all } = await create(narrow, ['sp:scopes:all'])
    expect(all.scope).toEqual(['sp:scopes:all'])
    expect((await refusal(create(mine, ['idn:nonsense:read']))).status).toBe(400)
    const theirs = new PersonalAccessTokensApi(await configurationFor(world, acme, other))
    const patch = { id: first.id, jsonPatchOperation: [{ op: 'replace' as const, path: '/name', value: 'stolen' }] }
    expect((await refusal(theirs.patchPersonalAccessToken(patch))).status).toBe(404)
    const { data: own } = await new PersonalAccessTokensApi(narrow).listPersonalAccessTokens()
    expect(own.map(({ id }) => id).toSorted()).toEqual([first.id, all.id].toSorted())
    expect(
      (await refusal(new PersonalAccessTokensApi(narrow).listPersonalAccessTokens({ ownerId: other }))).status,
    ).toBe(403)
    for (let n = 2; n < 10; n++) await create(mine, ['idn:entitlement:read'])
    const tooMany = await refusal(create(mine, ['idn:entitlement:read']))
    expect(tooMany).toMatchObject({ status: 400, code: '400.1.4 Limit violation' })
    expect((await refusal(create(configuration, ['idn:entitlement:read']))).status).toBe(403)
  })

  test('`GET /oauth/info` tells where tokens are, to anybody', async () => {
    const { status, body } = await world.anonymous.get('/oauth/info')
    expect([status, body]).toEqual([
      200,
      {
        issuerURI: 'http://castellan.test',
        tokenEndpoint: 'http://castellan.test/oauth/token',
        jwksEndpoint: 'http://castellan.test/.well-known/jwks.json',
      },
    ])
  })
})

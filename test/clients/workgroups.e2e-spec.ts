import { GovernanceGroupsV2024Api, type WorkgroupDtoV2024 } from 'sailpoint-api-client'
import { experimental, nowhere, startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex, refusal } from './support/refusal.ts'

/* The official client drives every operation on governance groups. */

const v2024 = new Contract('neighbours.v2024.latest.openapi.json')
const { world, acme, configuration, made } = await startClientWorld()
afterAll(() => world.close())

let count = 0

describe('governance groups', () => {
  const api = new GovernanceGroupsV2024Api(configuration)

  // The published schema of an owner is made of two, neither of which knows the other's members.
  const workgroupProblem = ({ owner, ...rest }: WorkgroupDtoV2024): string | null =>
    v2024.problem('WorkgroupDto', rest) ??
    (owner === undefined ? null : v2024.problem('OwnerDto', { type: owner.type, id: owner.id, name: owner.name }))
  const create = async (name = `Group ${++count}`): Promise<string> => {
    const workgroupDtoV2024 = { name, owner: { type: 'IDENTITY', id: acme.people.alice } } as WorkgroupDtoV2024
    return (await api.createWorkgroup({ workgroupDtoV2024, ...experimental })).data.id as string
  }

  test('are made, patched, listed and deleted, within the contract', async () => {
    const id = await create('Reviewers+1')
    const patch = [{ op: 'replace' as const, path: '/description', value: 'They decide' }]
    const { data } = await api.patchWorkgroup({ id, jsonPatchOperationV2024: patch, ...experimental })
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
        (await api.listWorkgroups({ filters, sorters: 'name,-created,modified,id,description', ...experimental })).data,
      ).toContainEqual(data)
    const ownerless = await made('/v1/groups', { name: 'Ownerless' })
    expect(workgroupProblem((await api.getWorkgroup({ id: ownerless, ...experimental })).data)).toBeNull()
    expect((await api.deleteWorkgroup({ id, ...experimental })).status).toBe(204)
    expect((await refusal(api.getWorkgroup({ id, ...experimental }))).status).toBe(404)
  })

  test('gain and lose members, each with its status', async () => {
    const id = await create()
    const people = [acme.people.alice, acme.people.bob, nowhere].map((each) => ({
      type: 'IDENTITY' as const,
      id: hex(each),
    }))
    const request = { workgroupId: id, identityPreviewResponseIdentityV2024: people, ...experimental }
    const added = await api.updateWorkgroupMembers(request)
    expect([added.status, v2024.problem('WorkgroupMemberAddItem', added.data)]).toEqual([207, null])
    expect(added.data.map(({ status }) => status)).toEqual([201, 201, 404])
    expect((await api.updateWorkgroupMembers(request)).data.map(({ status }) => status)).toEqual([409, 409, 404])
    const members = await api.listWorkgroupMembers({ workgroupId: id, sorters: '-name', count: true, ...experimental })
    expect(members.data.map(({ name }) => name)).toEqual(['bob', 'alice'])
    const unsorted = await api.listWorkgroupMembers({ workgroupId: id, ...experimental })
    expect(unsorted.data.map(({ name }) => name)).toEqual(['alice', 'bob'])
    expect(members.headers['x-total-count']).toBe('2')
    const found = await api.listWorkgroups({
      filters: `memberships.identityId eq "${acme.people.bob}"`,
      ...experimental,
    })
    expect(found.data.map(({ id: each, memberCount }) => [each, memberCount])).toEqual([[id, 2]])
    expect((await refusal(api.listWorkgroupMembers({ workgroupId: id, limit: 51, ...experimental }))).status).toBe(400)
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
    const { data } = await api.listConnections({ workgroupId: id, sorters: 'created', ...experimental })
    expect(v2024.problem('WorkgroupConnectionDto', data)).toBeNull()
    expect(data.map(({ object, connectionType }) => [object?.type, object?.id, connectionType])).toEqual([
      ['SOURCE', hex(source), 'ManagementWorkgroup'],
      ['ACCESS_PROFILE', hex(approved), 'AccessRequestReviewer'],
      ['ACCESS_PROFILE', hex(owned), 'Owner'],
    ])
    expect((await api.getWorkgroup({ id, ...experimental })).data.connectionCount).toBe(3)
    const bulk = await api.deleteWorkgroupsInBulk({
      workgroupBulkDeleteRequestV2024: { ids: [id, free, nowhere] },
      ...experimental,
    })
    expect([bulk.status, v2024.problem('WorkgroupDeleteItem', bulk.data)]).toEqual([207, null])
    expect(bulk.data.map(({ status }) => status)).toEqual([409, 204, 404])
  })
})

import { RolesApi, SourcesApi, TaskManagementV2024Api } from 'sailpoint-api-client'
import type { Json } from '../support/client.ts'
import { nowhere, startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex, refusal } from './support/refusal.ts'
import { configurationFor } from './support/sailpoint.ts'

/* The official client reads roles and tasks. */

const v3 = new Contract('neighbours.v3.latest.openapi.json')
const v2024 = new Contract('neighbours.v2024.latest.openapi.json')
const { world, acme, configuration, made } = await startClientWorld()
afterAll(() => world.close())

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
    const group = await made('/v1/groups', { name: 'Of the role' })
    const approval_schemes = [{ approver_type: 'MANAGER' }, { approver_type: 'GOVERNANCE_GROUP', approver_id: group }]
    for (const configs of [
      { request_config: {}, revocation_config: {} },
      { request_config: { approval_schemes, require_end_date: true, max_duration: { value: 1, unit: 'DAYS' } }, revocation_config: { approval_schemes } },
    ]) {
      await acme.admin.patch(`/v1/access-profiles/${role}`, configs)
      expect(v3.problem('Role', (await api.getRole({ id: role })).data)).toBeNull()
    } // prettier-ignore
    expect((await refusal(api.getRole({ id: part }))).status).toBe(404)
    expect((await refusal(api.listRoles({ limit: 51 }))).status).toBe(400)
  })

  test('are those of its own sources to a sub-administrator, and those of segments to who asks for them', async () => {
    const group = await made('/v1/groups', { name: 'Role managers' })
    const sub = await made('/v1/identities', { name: 'Sub', authorities: ['ROLE_SUBADMIN'] })
    await acme.admin.put(`/v1/groups/${group}/members/${sub}`)
    const source_id = await made('/v1/sources', { name: 'Managed', connector: 'ad', management_group_id: group })
    const entitlement_id = await made('/v1/entitlements', { source_id, name: 'M' })
    const north = await made('/v1/segments', { name: 'North' })
    const part = await made('/v1/access-profiles', { name: 'Managed part', entitlements: [{ entitlement_id }] })
    const role = (name: string, more: Json): Promise<string> =>
      made('/v1/access-profiles', { name, inherits: [part], ...more })
    const own = await role('Own role', { entitlements: [{ entitlement_id }], segment_ids: [north] })
    const other = await role('Other role', {})
    const [mine, all] = [new RolesApi(await configurationFor(world, acme, sub)), new RolesApi(configuration)]
    const idsOf = async (answer: ReturnType<RolesApi['listRoles']>) => (await answer).data.map(({ id }) => id)
    for (const seen of [mine.listRoles(), mine.listRoles({ forSubadmin: 'me' }), all.listRoles({ forSubadmin: sub })])
      expect(await idsOf(seen)).toEqual([hex(own)])
    expect((await refusal(mine.getRole({ id: other }))).status).toBe(404)
    expect((await refusal(mine.listRoles({ forSubadmin: acme.people.alice }))).status).toBe(403)
    expect(await idsOf(all.listRoles({ forSegmentIds: north, includeUnsegmented: false }))).toEqual([hex(own)])
    expect(await idsOf(all.listRoles({ forSegmentIds: 'nothing' }))).not.toContain(hex(own))
    expect((await refusal(all.listRoles({ includeUnsegmented: false }))).status).toBe(400)
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

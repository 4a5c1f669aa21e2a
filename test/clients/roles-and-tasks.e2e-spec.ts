import { RolesApi, SourcesApi, TaskManagementV2024Api } from 'sailpoint-api-client'
import { nowhere, startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex, refusal } from './support/refusal.ts'

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

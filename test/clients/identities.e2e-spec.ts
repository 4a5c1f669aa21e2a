import { IdentitiesV2024Api, PublicIdentitiesApi } from 'sailpoint-api-client'
import type { Json } from '../support/client.ts'
import { experimental, nowhere, startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex, refusal } from './support/refusal.ts'
import { configurationOf } from './support/sailpoint.ts'

/* The official client drives every operation on people. */

const v3 = new Contract('neighbours.v3.latest.openapi.json')
const v2024 = new Contract('neighbours.v2024.latest.openapi.json')
const { world, acme, configuration, made } = await startClientWorld()
afterAll(() => world.close())

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
    const { data } = await api.getIdentity({ id, ...experimental })
    expect(v2024.problem('Identity', data)).toBeNull()
    expect(data).toMatchObject({
      name: 'Whole', alias: 'Whole', identityStatus: 'DEACTIVATED', attributes: { a: { b: 1 } }, isManager: false,
      lifecycleState: { stateName: 'inactive', manuallyUpdated: false }, managerRef: null,
    }) // prettier-ignore
    for (const filters of [`id in ("${id}")`, 'name eq "whole"', 'cloudStatus eq "DEACTIVATED" and correlated eq true'])
      expect((await api.listIdentities({ filters, sorters: 'name,-alias,cloudStatus', ...experimental })).data).toEqual(
        [data],
      )
    expect((await api.listIdentities({ filters: 'protected eq true', ...experimental })).data).toEqual([])
    expect(
      (await api.listIdentities({ filters: 'processingState eq "ERROR"', defaultFilter: 'NONE', ...experimental }))
        .data,
    ).toEqual([])
    expect((await refusal(api.getIdentity({ id: nowhere, ...experimental }))).status).toBe(404)
  })
})

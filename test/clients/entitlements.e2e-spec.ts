import { EntitlementsV2024Api } from 'sailpoint-api-client'
import type { Json } from '../support/client.ts'
import { experimental, nowhere, startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex, refusal } from './support/refusal.ts'
import { configurationFor } from './support/sailpoint.ts'

/* The official client drives every operation on entitlements. */

const v2024 = new Contract('neighbours.v2024.latest.openapi.json')
const { world, acme, configuration, made } = await startClientWorld()
afterAll(() => world.close())

let count = 0

describe('entitlements', () => {
  const api = new EntitlementsV2024Api(configuration)
  let source: string

  beforeAll(async () => {
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
    for (const [sorters, expected] of Object.entries({
      id: '012345', name: '012345', created: '012345', modified: '012345', type: '012345', attribute: '012345', value: '012345',
      'source.id': '012345', requestable: '012345', 'attribute,-value': '105432', '-requestable,value': '501234', 'type,-name': '321054',
    })) {
      const reversed = sorters.split(',').map((each) => (each.startsWith('-') ? each.slice(1) : `-${each}`))
      expect([sorters, await names('name sw "list"', { sorters })]).toEqual([sorters, expected])
      expect(await names('name sw "list"', { sorters: reversed.join(',') })).toBe([...expected].toReversed().join(''))
    } // prettier-ignore
    expect(await names('name sw "list"', { sorters: '-name' })).toBe('543210')
    expect(await names('name sw "list"', { forSegmentIds: `${north},${south}`, includeUnsegmented: false })).toBe('01')
    expect(await names('name sw "list"', { forSegmentIds: north })).toBe('02345')
    expect((await refusal(names('name sw "l"', { includeUnsegmented: false }))).status).toBe(400)
    expect((await refusal(names('name sw "l"', { accountId: 'x' }))).status).toBe(400)
    expect((await acme.admin.delete(`/v1/segments/${north}`)).body['code']).toBe('in_use')
  })

  test('are told apart by the whole of a value, however long', async () => {
    const own = await made('/v1/sources', { name: 'Long values', connector: 'ad' })
    const [one, two] = ['one', 'two'].map((end) => `CN=${'x'.repeat(600)}${end}`)
    for (const value of [one, two, one?.slice(0, 512)]) await entitlement({ name: `ends ${value?.slice(-3)}`, value, source_id: own })
    const found = async (filters: string): Promise<(string | null | undefined)[]> => {
      const { data } = await api.listEntitlements({ filters: `source.id eq "${own}" and ${filters}`, ...experimental })
      return data.map(({ name }) => name)
    }
    expect(await found(`value eq "${one?.toUpperCase()}"`)).toEqual(['ends one'])
    expect(await found(`value in ("${two}", "nothing")`)).toEqual(['ends two'])
    expect(await found(`value sw "${two}"`)).toEqual(['ends two'])
    expect(await found(`value sw "${one?.slice(0, 600)}"`)).toEqual(['ends one', 'ends two'])
    expect(await found(`value eq "${one?.slice(0, 512)}"`)).toEqual(['ends xxx'])
  }) // prettier-ignore

  test('are paged by cursor in the order of several long texts', async () => {
    const fox = (length: number): string => '🦊'.repeat(length)
    const own = await made('/v1/sources', { name: 'Foxes', connector: 'ad' })
    for (const n of [0, 1, 2])
      await entitlement({ source_id: own, name: `${fox(255)}${n}`, attribute: fox(256), value: fox(1024), type: fox(200) })
    const query = { filters: `source.id eq "${own}"`, sorters: 'value,attribute,type,name', limit: '1' }
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const address: URLSearchParams = new URLSearchParams({ ...query, ...(cursor !== null && { cursor }) })
      const { status, body, headers } = await acme.admin.get<Json[]>(`/v2024/entitlements?${address}`)
      expect(status).toBe(200)
      seen.push(...body.map(({ name }) => (name as string).slice(-1)))
      cursor = headers.get('x-next-cursor')
    } while (cursor !== null)
    expect(seen).toEqual(['0', '1', '2'])
  }) // prettier-ignore

  test('whose extensions another API has written are listed, whatever stands in them', async () => {
    const own = await made('/v1/sources', { name: 'Extended', connector: 'ad' })
    const owners = [{ type: 'IDENTITY', id: hex(acme.people.bob) }, { type: 'IDENTITY', id: 'nobody' }, 7]
    for (const additionalOwners of [owners, 'x', { id: 1 }])
      await entitlement({ source_id: own, extensions: { sailpoint: { additionalOwners } } })
    await entitlement({ source_id: own, extensions: { sailpoint: 'x' } })
    const { data } = await api.listEntitlements({ filters: `source.id eq "${own}"`, ...experimental })
    expect(data.map((each) => (each as Json)['additionalOwners'] as Json)).toEqual([
      [{ type: 'IDENTITY', id: hex(acme.people.bob), name: 'bob' }, { type: 'IDENTITY', id: null, name: null }, { type: null, id: null, name: null }],
      null, null, null,
    ])
  }) // prettier-ignore

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

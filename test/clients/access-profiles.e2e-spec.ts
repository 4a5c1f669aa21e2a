import {
  AccessProfilesApi, AccessProfilesBetaApi, AccessProfilesV2024Api, Paginator, type AccessProfile,
} from 'sailpoint-api-client' // prettier-ignore
import type { Json } from '../support/client.ts'
import { newTenant, type TestTenant } from '../support/world.ts'
import { startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex } from './support/refusal.ts'
import { configurationOf } from './support/sailpoint.ts'

/*
 * The official client drives every operation on access profiles; its answers are held against the published schemas, closed.
 */

const latest = new Contract('access-profiles.v3.latest.openapi.json')

const { world, acme, configuration, made } = await startClientWorld()
afterAll(() => world.close())

const { admin } = acme
const api = new AccessProfilesApi(configuration)
const source = await made('/v1/sources', { name: 'ODS-AD-SOURCE', connector: 'ad' })
const entitlements: string[] = []
for (const value of ['one', 'two', 'three']) {
  const body = { name: `CN=${value}`, source_id: source, attribute: 'memberOf', value, type: 'group' }
  entitlements.push(await made('/v1/entitlements', body))
}
const group = await made('/v1/groups', { name: 'Reviewers' })
let count = 0

function profile(more: Json = {}): AccessProfile {
  return {
    name: `Profile ${++count}`,
    owner: { type: 'IDENTITY', id: hex(acme.people.alice) },
    source: { type: 'SOURCE', id: hex(source) },
    entitlements: [{ type: 'ENTITLEMENT', id: hex(entitlements[0] as string) }],
    ...more,
  } as AccessProfile
}

async function create(more: Json = {}): Promise<AccessProfile & { id: string }> {
  const { data } = await api.createAccessProfile({ accessProfile: profile(more) })
  return data as AccessProfile & { id: string }
}

/** What the server refuses, as the client throws it. */
async function refusal(work: Promise<unknown>): Promise<{ status: number; code: string; text: string; data: Json }> {
  try {
    await work
  } catch (error) {
    const { response } = error as { response?: { status: number; data: Json } }
    if (!response) throw error
    const { status, data } = response
    if (status === 400 || status === 403 || status === 404) expect(latest.problem('ErrorResponseDto', data)).toBeNull()
    return { status, data, code: String(data['detailCode'] ?? ''), text: JSON.stringify(data) }
  }
  throw new Error('It was not refused')
}

describe('operations', () => {
  test('every field of the latest vintage is accepted and kept', async () => {
    const later = {
      enabled: false,
      entitlements: null,
      requestable: false,
      accessRequestConfig: {
        commentsRequired: null,
        denialCommentsRequired: false,
        reauthorizationRequired: true,
        requireEndDate: true,
        maxPermittedAccessDuration: { value: 3, timeUnit: 'WEEKS' },
        approvalSchemes: [
          { approverType: 'MANAGER', approverId: null },
          { approverType: 'ADDITIONAL_GOVERNANCE_GROUP', approverId: group },
          { approverType: 'ALL_OWNERS', approverId: null },
        ],
      },
      additionalOwners: [
        { type: 'IDENTITY', id: hex(acme.people.bob), name: 'bob' },
        { type: 'GOVERNANCE_GROUP', id: hex(group), name: 'Reviewers' },
      ],
    }
    const data = await create(later)
    expect(data).toMatchObject({ ...later, entitlements: [] })
    expect(latest.problem('AccessProfile', data)).toBeNull()
    const attributes = [{ key: 'iscPrivacy', name: 'Privacy', multiselect: false, values: [{ value: 'public' }] }]
    const patched = await patch(data.id, [{ op: 'replace', path: '/accessModelMetadata', value: { attributes } }])
    expect(patched).toMatchObject({ accessModelMetadata: { attributes } })
    expect((await admin.get<Json>(`/access-profiles/${data.id}`)).body).toMatchObject({
      additionalOwners: later.additionalOwners,
      accessModelMetadata: { attributes },
      accessRequestConfig: later.accessRequestConfig,
    })
  })

  test('list pages by the client’s own paginator without losing or repeating any', async () => {
    const other = await newTenant(world, `paging-${Date.now()}`)
    await fill(other, 120)
    const theirs = new AccessProfilesApi(await configurationOf(world, other))
    for (const increment of [50, 40, 250]) {
      const { data } = await Paginator.paginate(theirs, theirs.listAccessProfiles.bind(theirs), undefined, increment)
      const ids = data.map(({ id }: AccessProfile) => id)
      expect([ids.length, new Set(ids).size]).toEqual([120, 120])
      expect(latest.problem('AccessProfile', data)).toBeNull()
    }
    const { data, headers } = await theirs.listAccessProfiles({ limit: 40, offset: 120, count: true })
    expect([data, headers['x-total-count']]).toEqual([[], '120'])
  })

  test('list follows the cursor of the header without losing or repeating any', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const { body, headers } = await admin.get<Json[]>(`/v3/access-profiles?limit=2${cursor}`)
      seen.push(...body.map(({ id }) => id as string))
      const next = headers.get('x-next-cursor')
      cursor = next === null ? '' : `&cursor=${next}`
    } while (cursor !== '')
    const { data } = await api.listAccessProfiles({ limit: 250 })
    expect(seen).toEqual(data.map(({ id }) => id))
  })

  test('entitlements of a profile', async () => {
    const { id } = await create({ entitlements: entitlements.map((each) => ({ type: 'ENTITLEMENT', id: each })) })
    const unsorted = await api.getAccessProfileEntitlements({ id })
    expect(unsorted.data.map(({ name }) => name)).toEqual(['CN=one', 'CN=two', 'CN=three'])
    const all = await api.getAccessProfileEntitlements({ id, count: true, sorters: '-name' })
    expect(all.headers['x-total-count']).toBe('3')
    expect(all.data.map(({ name }) => name)).toEqual(['CN=two', 'CN=three', 'CN=one'])
    expect(latest.problem('Entitlement', all.data)).toBeNull()
    const some = await api.getAccessProfileEntitlements({
      id,
      filters: 'attribute eq "memberOf" and value sw "t"',
      limit: 1,
    })
    expect(some.data).toHaveLength(1)
  })

  test('delete, and a second one, which the client may send by itself, is 404', async () => {
    const { id } = await create()
    const { status, data } = await api.deleteAccessProfile({ id })
    expect([status, data]).toEqual([204, ''])
    expect(await refusal(api.deleteAccessProfile({ id }))).toMatchObject({ status: 404, code: '404 Not found' })
    expect(await refusal(api.getAccessProfile({ id }))).toMatchObject({ status: 404 })
  })

  test('delete of what is in use names its users, and deletes nothing', async () => {
    const base = await create({ name: 'The base' })
    await admin.post('/v1/access-profiles', { name: 'The role', inherits: [base.id] })
    const { status, code, data } = await refusal(api.deleteAccessProfile({ id: base.id }))
    expect([status, code]).toEqual([400, '400.2.1.0 Object in use by another'])
    expect(data['messages'][0].text).toBe(`The "The base" access profile can't be deleted because it's in use.`)
    expect(data['causes'][0].text).toContain('role "The role"')
    expect((await api.getAccessProfile({ id: base.id })).status).toBe(200)
  })

  test('bulk delete: all or none, the best that can be done, and a task to ask about', async () => {
    const [base, free] = [await create(), await create()]
    const role = await made('/v1/access-profiles', { name: `Role over ${base.id}`, inherits: [base.id] })
    const bulk = (bestEffortOnly?: boolean) =>
      api.deleteAccessProfilesInBulk({
        accessProfileBulkDeleteRequest: {
          accessProfileIds: [base.id, free.id],
          ...(bestEffortOnly !== undefined && { bestEffortOnly }),
        },
      })
    const usage = [
      { accessProfileId: base.id, usedBy: [{ type: 'ROLE', id: hex(role), name: `Role over ${base.id}` }] },
    ]
    for (const none of [await bulk(), await bulk(false)]) {
      expect([none.status, none.data]).toEqual([200, { pending: [], inUse: usage }])
      expect(latest.problem('AccessProfileBulkDeleteResponse', none.data)).toBeNull()
    }
    const some = await bulk(true)
    expect([some.status, some.data]).toEqual([
      202,
      { taskId: expect.stringMatching(/^[0-9a-f]{32}$/), pending: [free.id], inUse: usage },
    ])
    const task = await admin.get<Json>(`/v2024/task-status/${some.data.taskId}`)
    expect(task.body).toMatchObject({
      id: some.data.taskId,
      completionStatus: 'SUCCESS',
      attributes: { deleted: [free.id] },
    })
    expect(await refusal(bulk(true))).toMatchObject({ status: 400, code: '400.1.404 Referenced object not found' })
    const many = Array.from({ length: 51 }, (_, index) => `019a00000000700080000000${String(index).padStart(8, '0')}`)
    const tooMany = api.deleteAccessProfilesInBulk({ accessProfileBulkDeleteRequest: { accessProfileIds: many } })
    expect(await refusal(tooMany)).toMatchObject({ status: 400, code: '400.1.4 Limit violation' })
  })

  test('bulk update of requestable tells of each what became of it', async () => {
    const { id } = await create()
    const later = new AccessProfilesV2024Api(configuration)
    const unknown = '019a0000000070008000000000000fff'
    const { status, data } = await later.updateAccessProfilesInBulk({
      xSailPointExperimental: 'true',
      accessProfileBulkUpdateRequestInnerV2024: [
        { id, requestable: false },
        { id: unknown, requestable: true },
      ],
    })
    expect([status, data]).toEqual([
      207,
      [
        { id, requestable: false, status: '201', description: 'Access Profile updated successfully.' },
        {
          id: unknown,
          requestable: true,
          status: '404',
          description: `Referenced Access profile with Id "${unknown}" was not found.`,
        },
      ],
    ])
    expect((await api.getAccessProfile({ id })).data.requestable).toBe(false)
    const both = [
      { id, requestable: true },
      { id: id.toUpperCase(), requestable: false },
    ]
    const twice = await admin.post<Json>('/beta/access-profiles/bulk-update-requestable', both)
    expect([twice.status, twice.text]).toEqual([400, expect.stringContaining('1.id: ')])
    const asText = await admin.post('/beta/access-profiles/bulk-update-requestable', [{ id, requestable: 'true' }])
    expect([asText.status, asText.body[0].requestable]).toEqual([207, true])
  })

  test('the other versions, the path of the 2.x client and doubled slashes answer alike', async () => {
    const { id } = await create()
    const { data } = await api.getAccessProfile({ id })
    expect((await new AccessProfilesBetaApi(configuration).getAccessProfile({ id })).data).toEqual(data)
    for (const prefix of ['/v2024', '/v2025', '/v2026', '//v3', '/beta/']) {
      expect((await admin.get(`${prefix}/access-profiles/${id}`)).body).toEqual(data)
    }
    expect((await admin.get(`/access-profiles/v1/${id}`)).body).toEqual(data)
    expect((await admin.get('/access-profiles/v1?limit=250')).status).toBe(200)
    expect((await admin.post('/access-profiles/v1/bulk-delete', { accessProfileIds: [] })).status).toBe(200)
  })
})

async function patch(id: string, jsonPatchOperation: Json[]): Promise<AccessProfile> {
  const { data } = await api.patchAccessProfile({ id, jsonPatchOperation: jsonPatchOperation as never })
  expect(latest.problem('AccessProfile', data)).toBeNull()
  return data
}

async function fill(tenant: TestTenant, profiles: number): Promise<void> {
  const lines: Json[] = [{ type: 'source', external_id: 's', name: 'S', connector: 'x' }]
  lines.push({ type: 'identity', external_id: 'o', name: 'Owner' })
  for (let index = 0; index < profiles; index++) {
    lines.push({
      type: 'access_profile',
      external_id: `${index}`,
      name: `P ${index}`,
      source: 's',
      owner: 'o',
      enabled: false,
    })
  }
  const body = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'))
  const { body: report } = await tenant.admin.post('/v1/imports', body, { 'content-type': 'application/x-ndjson' })
  expect(report['total'].failed).toBe(0)
}

import { AccessProfilesApi, type AccessProfile } from 'sailpoint-api-client'
import type { Client, Json } from '../support/client.ts'
import { startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex } from './support/refusal.ts'

/* The path of the seeds, which has no version, against the schemas of the seeds' time, closed. */

const latest = new Contract('access-profiles.v3.latest.openapi.json')
const seedEra = new Contract('access-profiles.v3.seed-era.openapi.json')

const { world, acme, configuration, made } = await startClientWorld()
afterAll(() => world.close())

const { admin } = acme
const api = new AccessProfilesApi(configuration)
const source = await made('/v1/sources', { name: 'ODS-AD-SOURCE', connector: 'ad' })
const entitlement = (name: string, more: Json = {}): Promise<string> =>
  made('/v1/entitlements', { name, source_id: source, attribute: 'memberOf', value: name, type: 'group', ...more })
const one = await entitlement('CN=one')
const group = await made('/v1/groups', { name: 'Reviewers' })
const segments = [
  await made('/v1/segments', { name: 'North', active: true }),
  await made('/v1/segments', { name: 'South', active: true }),
]

describe('the example of the seed', () => {
  const example = (): Json => ({
    name: 'Employee-database-read-write',
    description: 'Collection of entitlements to read/write the employee database',
    enabled: true,
    owner: { type: 'IDENTITY', id: hex(acme.people.alice), name: 'alice' },
    source: { id: hex(source), type: 'SOURCE', name: 'ODS-AD-SOURCE' },
    entitlements: [{ type: 'ENTITLEMENT', id: hex(one), name: 'CN=one' }],
    requestable: true,
    accessRequestConfig: {
      commentsRequired: true,
      denialCommentsRequired: true,
      approvalSchemes: [{ approverType: 'GOVERNANCE_GROUP', approverId: group }],
    },
    revocationRequestConfig: { approvalSchemes: [{ approverType: 'GOVERNANCE_GROUP', approverId: group }] },
    segments: segments.toReversed(),
    provisioningCriteria: {
      operation: 'OR',
      children: [
        {
          operation: 'AND',
          children: [
            { attribute: 'dn', operation: 'CONTAINS', value: 'useast' },
            { attribute: 'manager', operation: 'CONTAINS', value: 'Scott.Clark' },
          ],
        },
        {
          operation: 'AND',
          children: [
            { attribute: 'dn', operation: 'EQUALS', value: 'Gibson' },
            { attribute: 'telephoneNumber', operation: 'CONTAINS', value: '512' },
          ],
        },
      ],
    },
  })
  const outdated = {
    id: '2c91808a7190d06e01719938fcd20792',
    created: '2021-03-01T22:32:58.104Z',
    modified: '2021-03-02T20:22:28.104Z',
  }

  test('posted and read back under the path of the seed, is equal but for its id and times', async () => {
    const posted = await admin.post<Json>('/access-profiles', { ...example(), ...outdated })
    expect(posted.status).toBe(201)
    const { id, created, modified, ...rest } = posted.body
    expect(rest).toEqual(example())
    expect([id, created, modified]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      created,
    ])
    expect((await admin.get<Json>(`/access-profiles/${id}`)).body).toEqual(posted.body)
    const { body: page } = await admin.get<Json[]>(`/access-profiles?filters=id eq "${id}"`)
    expect(page).toEqual([posted.body])
    expect(seedEra.problem('AccessProfile', posted.body)).toBeNull()
    await api.deleteAccessProfile({ id })
  })

  test('in a list names each reviewer and entitlement twice; a reviewer is asked twice, an entitlement is given once', async () => {
    const { accessRequestConfig, revocationRequestConfig, entitlements: once, ...rest } = example()
    const twice = (config: Json): Json => ({
      ...config,
      approvalSchemes: [config['approvalSchemes'][0], config['approvalSchemes'][0]],
    })
    const configs = {
      accessRequestConfig: twice(accessRequestConfig as Json),
      revocationRequestConfig: twice(revocationRequestConfig as Json),
    }
    const given = { ...rest, ...configs, entitlements: [once[0], once[0]] }
    const posted = await admin.post<Json>('/access-profiles', { ...given, ...outdated })
    expect(posted.status).toBe(201)
    expect(posted.body).toMatchObject({ ...rest, ...configs, entitlements: once })
    await api.deleteAccessProfile({ id: posted.body['id'] as string })
  })

  test('posted and read back through the client, has every field of the latest contract besides', async () => {
    const { data } = await api.createAccessProfile({ accessProfile: { ...example(), ...outdated } as AccessProfile })
    expect(latest.problem('AccessProfile', data)).toBeNull()
    const { accessRequestConfig, ...rest } = example()
    expect(data).toMatchObject(rest)
    expect(data.accessRequestConfig).toEqual({
      ...accessRequestConfig,
      reauthorizationRequired: null,
      requireEndDate: null,
      maxPermittedAccessDuration: null,
    })
    expect(data).toMatchObject({ additionalOwners: [], accessModelMetadata: { attributes: null } })
    expect((await api.getAccessProfile({ id: data.id as string })).data).toEqual(data)
    await api.deleteAccessProfile({ id: data.id as string })
  })
})

describe('every answer has the fields of then, and those that came later only where they hold something', () => {
  let count = 0
  const create = async (more: Json = {}): Promise<Json> => {
    const { status, body, text } = await admin.post<Json>('/access-profiles', {
      name: `Old ${++count}`,
      owner: { id: acme.people.alice },
      source: { id: source },
      entitlements: [{ id: one }],
      ...more,
    })
    expect([status, text]).toEqual([201, expect.any(String)])
    return body
  }
  const approvalSchemes = [{ approverType: 'MANAGER' }, { approverType: 'GOVERNANCE_GROUP', approverId: group }]

  test.each<[string, Json]>([
    ['no more than it must', {}],
    ['nothing to give', { enabled: false, entitlements: [] }],
    ['null where that may be', { description: null, accessRequestConfig: null, segments: null, provisioningCriteria: null }],
    ['configurations', { accessRequestConfig: { approvalSchemes }, revocationRequestConfig: { approvalSchemes } }],
    ['empty ones', { accessRequestConfig: {}, revocationRequestConfig: {} }],
  ])('of a profile with %s: made, got, listed, patched', async (_, more) => {
    const profile = await create(more)
    const at = `/access-profiles/${profile['id']}`
    const patch = [{ op: 'replace', path: '/description', value: 'patched' }]
    const answers = [
      profile,
      (await admin.get<Json>(at)).body,
      ...(await admin.get<Json[]>(`/access-profiles?filters=id eq "${profile['id']}"`)).body,
      (await admin.patch<Json>(at, patch, { 'content-type': 'application/json-patch+json' })).body,
    ]
    expect(answers).toHaveLength(4)
    for (const each of answers) expect(seedEra.problem('AccessProfile', each)).toBeNull()
  }) // prettier-ignore

  test('of the entitlements of a profile', async () => {
    const owned = { requestable: true, owner_id: acme.people.bob, description: 'For a few' }
    const ids = [one, await entitlement('CN=owned', owned)]
    const { id } = await create({ entitlements: ids.map((each) => ({ id: each })) })
    const { status, body } = await admin.get<[Json, Json]>(`/access-profiles/${id}/entitlements`)
    expect([status, body.length]).toEqual([200, 2])
    const [plain, { requestable, owner, ...later }] = body
    for (const each of [plain, later]) expect(seedEra.problem('Entitlement', each)).toBeNull()
    expect([requestable, owner, later['description']]).toEqual([
      true, { type: 'IDENTITY', id: hex(acme.people.bob), name: 'bob' }, 'For a few',
    ]) // prettier-ignore
    const versioned = await admin.get<Json[]>(`/v3/access-profiles/${id}/entitlements`)
    expect(latest.problem('Entitlement', versioned.body)).toBeNull()
  })

  test('of deletions in bulk', async () => {
    const [base, free] = [await create(), await create()]
    await made('/v1/access-profiles', { name: `Role over ${base['id']}`, inherits: [base['id']] })
    const bulk = (bestEffortOnly: boolean) =>
      admin.post<Json>('/access-profiles/bulk-delete', { accessProfileIds: [base['id'], free['id']], bestEffortOnly })
    for (const { body, status } of [await bulk(false), await bulk(true)])
      expect([status, seedEra.problem('AccessProfileBulkDeleteResponse', body)]).toEqual([
        body['taskId'] === undefined ? 200 : 202,
        null,
      ])
  })

  test.each<[number, (client: Client) => Promise<{ status: number; body: Json }>]>([
    [400, (client) => client.get('/access-profiles?filters=nonsense')],
    [400, (client) => client.post('/access-profiles', { name: 'x' })],
    [404, (client) => client.get('/access-profiles/019a000000007000800000000000dead')],
    [404, (client) => client.delete('/access-profiles/nothing')],
    [403, async () => (await acme.as('bob')).get('/access-profiles')],
  ])('of a refusal with %i', async (expected, ask) => {
    const { status, body } = await ask(admin)
    expect([status, seedEra.problem('ErrorResponseDto', body)]).toEqual([expected, null])
  })
})

import { isScope, scopes } from '#kernel'
import { TokenService } from '#platform'
import { sailPointScopes } from '#sailpoint'
import { operationsOf, readDocuments } from '../every-route/operations.ts'
import { Client } from '../support/client.ts'
import { startWorld } from '../support/world.ts'
import { Contract } from './support/contract.ts'

/* The document that we serve, and what it says of who may call what, against the published ones. */

const contracts = ['access-profiles.v3.latest', 'neighbours.v3.latest', 'neighbours.v2024.latest'].map(
  (name) => new Contract(`${name}.openapi.json`),
)
const published = new Map(contracts.flatMap(({ operations }) => operations.map((each) => [each.operationId, each])))

const world = await startWorld()
afterAll(() => world.close())

const apis = await readDocuments(world)
const document = apis.find(({ dialect }) => dialect?.name === 'sailpoint')?.document
const ours = operationsOf(world, apis).filter(({ dialect }) => dialect?.name === 'sailpoint')

/** User levels of ours beside the published ones: what a list tells all, one object does; a sub-administrator has its sources. */
const wider: Readonly<Record<string, readonly string[]>> = {
  patchEntitlement: ['SOURCE_SUBADMIN'],
  updateEntitlementsInBulk: ['SOURCE_ADMIN', 'SOURCE_SUBADMIN'],
}
const forEverybody = ['getEntitlement']
/** Published levels that nobody has here. */
const unknownLevels = ['USER', 'Any', 'HELPDESK', 'CERT_ADMIN', 'REPORT_ADMIN']
/** Members of ours beside the published ones. */
const more: Readonly<Record<string, readonly string[]>> = {
  Requestability: ['formDefinitionId'],
  JsonPatchOperation: ['from'],
}

test('every operation of ours is a published one', () => {
  expect(ours.map(({ operationId }) => operationId).toSorted()).toEqual([...published.keys()].toSorted())
})

describe.each(ours.map((each) => [each.operationId, each] as const))('%s', (operationId, operation) => {
  const { parameters = [], userLevels = [], scopes: theirs = [] } = published.get(operationId) ?? {}
  const levels = (operation as unknown as { 'x-sailpoint-userLevels'?: string[] })['x-sailpoint-userLevels']

  test('takes the published parameters', () => {
    expect(operation.parameters.map(({ name }) => name)).toEqual(expect.arrayContaining([...parameters]))
  })

  test('is for the published user levels, and for what stands for nobody', () => {
    const expected = userLevels.filter((each) => !unknownLevels.includes(each))
    if (expected.length === 0 || forEverybody.includes(operationId)) expect(levels).toBeUndefined()
    else expect(levels?.toSorted()).toEqual([...expected, ...(wider[operationId] ?? []), 'API'].toSorted())
  })

  test('is let in by its published scopes', () => {
    const { access } = operation
    const asked = access.kind === 'tenant' ? access.anyOf : []
    for (const scope of theirs) {
      const held = sailPointScopes[scope] ?? []
      expect([scope, held.length > 0 && held.every(isScope)]).toEqual([scope, true])
      // To make a profile takes all of its scopes together.
      if (operationId !== 'createAccessProfile')
        expect([scope, asked.some((each) => held.includes(each))]).toEqual([scope, true])
    }
  })

  test('lets in each of its user levels, and nobody without one', async () => {
    if (levels === undefined) return
    for (const level of ['nothing', 'ORG_ADMIN', 'ROLE_ADMIN', 'ROLE_SUBADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN']) {
      const path = operation.path.replaceAll(/\{\w+\}/g, '019a0000000070008000000000dead')
      const { text } = await (await being(level)).send(operation.method, path, operation.requestBody && {})
      expect([level, text.includes('one of the authorities')]).toEqual([level, !levels.includes(level)])
    }
  })
})

test('its schemas have the members of the published ones', () => {
  const schemas = new Map(Object.entries(document?.components.schemas ?? {}))
  const differing: unknown[] = []
  for (const { members } of contracts)
    for (const [name, expected] of members) {
      const own = schemas.get(name)?.['properties'] as object | undefined
      if (!own) continue
      const all = [...new Set([...expected, ...(more[name] ?? [])])].toSorted()
      if (JSON.stringify(Object.keys(own).toSorted()) !== JSON.stringify(all))
        differing.push([name, Object.keys(own).toSorted(), all])
    }
  expect(differing).toEqual([])
})

test('no published scope for reading lets anybody write', () => {
  const reading = Object.entries(sailPointScopes).filter(
    ([name]) => name.endsWith(':read') || name === 'sp:scopes:default',
  )
  const writes = ours.filter(({ method }) => method !== 'GET')
  for (const [name, held] of reading) {
    const open = writes.filter(
      ({ access }) => access.kind === 'tenant' && access.anyOf.some((each) => held.includes(each)),
    )
    expect([name, open.map(({ operationId }) => operationId)]).toEqual([name, []])
  }
})

const clients = new Map<string, Promise<Client>>()

/** A person who has the authority, signed in with every scope. */
function being(authority: string): Promise<Client> {
  const known = clients.get(authority) ?? signedIn(authority)
  clients.set(authority, known)
  return known
}

async function signedIn(authority: string): Promise<Client> {
  const { admin, id: tenant } = world.acme
  const { body } = await admin.post('/v1/identities', {
    name: authority,
    authorities: authority === 'nothing' ? [] : [authority],
  })
  const token = await world.app.get(TokenService).forPerson(tenant, body['id'] as string, scopes)
  return new Client(world.url, { authorization: `Bearer ${token}` })
}

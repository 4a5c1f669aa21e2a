import { newId } from '#kernel'
import { fill } from './samples.ts'
import type { Operation } from './operations.ts'
import type { Suite } from './suite.ts'
import { eventually } from '../support/world.ts'

/** The address of a list of acme that holds at least two objects. */
export async function filledPath(suite: Suite, operation: Operation): Promise<string> {
  const { acme, world, operations } = suite
  if (['listGroupMembers', 'listWorkgroupMembers'].includes(operation.operationId)) {
    const { id } = await acme.make('/v1/groups')
    for (const person of Object.values(world.acme.people))
      await world.acme.admin.put(`/v1/groups/${id}/members/${person}`)
    return fill(operation.path, { id: id as string })
  }
  if (operation.operationId === 'listConnections') {
    const { id } = await acme.make('/v1/groups')
    for (const name of ['first', 'second'])
      await world.acme.admin.post('/v1/sources', { name: `${name} of ${id}`, connector: 'ad', management_group_id: id })
    return fill(operation.path, { id: id as string })
  }
  if (operation.operationId === 'listPersonalAccessTokens') {
    const create = operations.find(({ operationId }) => operationId === 'createPersonalAccessToken') as Operation
    await acme.body(create)
    for (const name of ['first', 'second'])
      await suite.send(create, { body: { name: `${name} ${newId()}`, scope: ['sp:scopes:default'] } })
    return operation.path
  }
  if (operation.path === '/v3/entitlements') await Promise.all([1, 2].map(() => acme.make('/v1/entitlements')))
  if (operation.operationId === 'listRoles') await Promise.all([1, 2].map(() => acme.make('/v3/roles')))
  if (/\/access[-_]profiles\/\{id\}\//.test(operation.path))
    return fill(operation.path, { id: await fullProfile(suite), number: '1' })
  if (operation.operationId === 'listIntegrations') await Promise.all([1, 2].map(() => acme.make('/v1/sources')))
  if (operation.operationId === 'listWebhookDeliveries') {
    const url = 'https://hooks.acme.example/'
    const { body } = await world.acme.admin.post('/v1/webhooks', { name: 'itself', url, event_types: ['webhook.*'] })
    await world.acme.admin.patch(`/v1/webhooks/${body['id']}`, { name: 'changed' })
    return fill(operation.path, { id: body['id'] as string })
  }
  if (operation.operationId === 'listGrantedProfiles') {
    for (const account of ['111111111111', '222222222222']) {
      const resource = { type: 'aws_account', id: account }
      await world.acme.admin.post('/v1/grants', {
        grantee_id: world.acme.people.alice,
        resource,
        action: 'ReadOnlyAccess',
      })
    }
    return operation.path
  }
  const at = await acme.path(operation)
  if (operation.operationId === 'listPolicyVersions')
    for (const priority of [1, 2]) await world.acme.admin.patch(at.replace('/versions', ''), { priority })
  if (operation.operationId === 'listPolicySchemaVersions')
    for (const schema of ['entity One;', 'entity Two;']) await world.acme.admin.put('/v1/policies/schema', { schema })
  if (operation.operationId === 'listPolicyDecisions') {
    const question = { principal: 'user:somebody', action: 'read', resource: 'aws_account:123456789012' }
    await world.acme.admin.post('/v1/policies/evaluate', { requests: [question, question] })
    await eventually(async () => expect((await world.acme.admin.get(`${at}?limit=2`)).body['data']).toHaveLength(2))
  }
  const create = operations.find(({ method, path }) => method === 'POST' && path === operation.path)
  for (const _ of create ? [1, 2] : [])
    await suite.send(create as Operation, { path: at, body: await acme.body(create as Operation) })
  return at
}

/** A profile with two versions, two entitlements and some members. */
async function fullProfile({ acme, world }: Suite): Promise<string> {
  const { admin, people } = world.acme
  const entitlements = [await acme.make('/v1/entitlements'), await acme.make('/v1/entitlements')]
  const profile = await acme.make('/v1/access-profiles')
  const at = `/v1/access-profiles/${profile['id']}`
  await admin.patch(at, { entitlements: entitlements.map(({ id }) => ({ entitlement_id: id as string })) })
  await admin.post(`${at}/members`, { identity_ids: Object.values(people) })
  return profile['id'] as string
}

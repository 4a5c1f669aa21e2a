import type { Json } from '../support/client.ts'
import type { Samples } from './samples.ts'

type Body = (samples: Samples, fresh: string) => Promise<unknown>

const id = async (object: Promise<Json>): Promise<string> => (await object)['id'] as string

/** A reference, as SailPoint's bodies have it. */
const reference = async (type: string, object: Promise<Json>): Promise<object> => ({ type, id: await id(object) })

/**
 * Bodies of the dialects' operations, by `<dialect> <operationId>`: their examples refer to other objects in ways that the
 * document does not tell. `fresh` is a text that was not used before.
 */
export const dialectBodies: Readonly<Record<string, Body>> = {
  'sailpoint createAccessProfile': async (samples, fresh) => {
    const entitlement = await samples.one('/v1/entitlements')
    return {
      name: `Profile ${fresh}`,
      owner: await reference('IDENTITY', samples.one('/v1/identities')),
      source: { type: 'SOURCE', id: entitlement['source_id'] as string },
      entitlements: [{ type: 'ENTITLEMENT', id: entitlement['id'] as string }],
    }
  },
  'sailpoint createSource': async (samples, fresh) => ({
    name: `Source ${fresh}`,
    connector: 'ad',
    owner: await reference('IDENTITY', samples.one('/v1/identities')),
  }),
  'sailpoint putSource': async (samples, fresh) => ({
    name: `Source ${fresh}`,
    connector: 'ad',
    owner: await reference('IDENTITY', samples.one('/v1/identities')),
  }),
  'sailpoint updateSource': async (_, fresh) => [{ op: 'replace', path: '/description', value: fresh }],
  'sailpoint createSegment': async (_, fresh) => ({ name: `Segment ${fresh}` }),
  'sailpoint patchSegment': async (_, fresh) => [{ op: 'replace', path: '/description', value: fresh }],
  'sailpoint createWorkgroup': async (_, fresh) => ({ name: `Group ${fresh}` }),
  'sailpoint patchWorkgroup': async (_, fresh) => [{ op: 'replace', path: '/description', value: fresh }],
  'sailpoint deleteWorkgroupsInBulk': async (samples) => ({ ids: [await id(samples.make('/v1/groups'))] }),
  'sailpoint updateWorkgroupMembers': async (samples) => [await reference('IDENTITY', samples.make('/v1/identities'))],
  'sailpoint deleteWorkgroupMembers': async (samples) => [await reference('IDENTITY', samples.make('/v1/identities'))],
  'sailpoint patchEntitlement': async (_, fresh) => [{ op: 'replace', path: '/description', value: fresh }],
  'sailpoint putEntitlementRequestConfig': async (_, fresh) => ({
    accessRequestConfig: {
      approvalSchemes: [{ approverType: 'MANAGER' }],
      maxPermittedAccessDuration: { value: fresh.length, timeUnit: 'DAYS' },
    },
  }),
  'sailpoint updateEntitlementsInBulk': async (samples, fresh) => ({
    entitlementIds: [await id(samples.make('/v1/entitlements'))],
    jsonPatch: [{ op: 'replace', path: '/description', value: fresh }],
  }),
  'sailpoint createPersonalAccessToken': async (samples, fresh) => {
    // A person has ten at most.
    await samples.clear('/v3/personal-access-tokens?owner-id=me')
    return { name: `Token ${fresh}`, scope: ['sp:scopes:default'] }
  },
  'sailpoint patchPersonalAccessToken': async (_, fresh) => [{ op: 'replace', path: '/name', value: fresh }],
  'sailpoint patchAccessProfile': async (_, fresh) => [{ op: 'replace', path: '/description', value: fresh }],
  'sailpoint deleteAccessProfilesInBulk': async (samples) => ({
    accessProfileIds: [await id(samples.make('/v3/access-profiles'))],
  }),
  'sailpoint updateAccessProfilesInBulk': async (samples) => [
    { id: await id(samples.make('/v3/access-profiles')), requestable: false },
  ],
}

/** Objects of the dialects' collections that are not made there. */
export const dialectObjects: Readonly<Record<string, (samples: Samples) => Promise<Json>>> = {
  '/v3/entitlements': (samples) => samples.make('/v1/entitlements'),
  '/v3/identities': (samples) => samples.make('/v1/identities'),
  '/v3/roles': async (samples) => {
    const part = await id(samples.make('/v1/access-profiles'))
    return samples.call('POST /v1/access-profiles', {}, { inherits: [part] })
  },
  '/v3/task-status': async (samples) =>
    samples.call('DELETE /v3/sources/{id}', { id: await id(samples.make('/v3/sources')) }),
}

import { checkResource, parseId, resourceTypes } from '#kernel'
import type { ResourceRef } from './grants.dto.ts'

/** An entitlement, as far as a grant of it is concerned. */
export interface Grantable {
  readonly id: string
  readonly resource_type: string | null
  readonly resource_id: string | null
  readonly action: string | null
  readonly account_id: string | null
}

/** What a grant gives, as it is stored. */
export interface Target {
  readonly entitlement_id: string | null
  readonly resource_type: string
  readonly resource_id: string
  readonly action: string
}

/** An entitlement on a resource that has a type of its own is granted as that, any other as itself. */
export function grantable({ id, resource_type, resource_id, action }: Grantable): Target {
  const typed = resource_type !== null && resource_id !== null && Object.hasOwn(resourceTypes, resource_type)
  const resource = typed ? { resource_type, resource_id } : { resource_type: 'entitlement', resource_id: id }
  return { entitlement_id: id, ...resource, action: action ?? 'assign' }
}

/** Whether resource and action, as far as they are given, are the entitlement's. */
export function agrees(target: Target, resource: ResourceRef | undefined, action: string | undefined): boolean {
  const asItself = resource?.type === 'entitlement' && parseId(resource.id) === target.entitlement_id
  const same = resource?.type === target.resource_type && resource.id === target.resource_id
  return (resource === undefined || asItself || same) && (action === undefined || action === target.action)
}

/** A resource of a known type and an action, without an entitlement; or what is wrong, beginning with the field. */
export function typedTarget(resource: ResourceRef | undefined, action: string | undefined): Target | string {
  if (resource === undefined) return 'resource: give resource and action, or an entitlement'
  if (action === undefined) return 'action: give what the grant allows'
  if (resource.type === 'entitlement' || !Object.hasOwn(resourceTypes, resource.type)) {
    const types = Object.keys(resourceTypes).filter((type) => type !== 'entitlement')
    return `resource.type: must be one of ${types.join(', ')}; anything else is granted by its entitlement`
  }
  const wrong = checkResource(resource.type, resource.id)
  if (wrong !== null) return `resource.id: ${wrong}`
  return { entitlement_id: null, resource_type: resource.type, resource_id: resource.id, action }
}

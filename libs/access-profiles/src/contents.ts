import { isDeepStrictEqual } from 'node:util'
import type { AccessProfile, VersionContents } from './access-profiles.dto.ts'
import { nothingGiven } from './access-profiles.dto.ts'
import { wrongField } from './profile-rules.ts'

/** What a version gives, whole. */
export interface Contents {
  readonly entitlements: readonly { readonly entitlement_id: string; readonly details: Record<string, unknown> }[]
  readonly inherits: readonly string[]
  readonly application_datasource_id: string | null
  readonly application_sync_identity_action: Record<string, unknown> | null
}

export const noContents: Contents = nothingGiven

type Whole = Pick<AccessProfile, keyof VersionContents>

/** What the published version of a profile gives, or a version. */
export function contentsOf(profile: Whole): Contents {
  const { entitlements, inherits, application_datasource_id, application_sync_identity_action } = profile
  return {
    entitlements: entitlements.map(({ entitlement_id, details = {} }) => ({ entitlement_id, details })),
    inherits,
    application_datasource_id,
    application_sync_identity_action,
  }
}

/** What is not named stays; an entitlement that stays keeps its details. @throws DomainError `invalid_body` for one that stands twice */
export function mergedContents(before: Contents, given: VersionContents): Contents {
  const details = new Map(before.entitlements.map((each) => [each.entitlement_id, each.details]))
  const merged = new Map<string, Contents['entitlements'][number]>()
  for (const [index, { entitlement_id, details: own }] of (given.entitlements ?? before.entitlements).entries()) {
    if (merged.has(entitlement_id))
      throw wrongField(
        `entitlements.${index}.entitlement_id`,
        `entitlements.${index}.entitlement_id: ${entitlement_id} stands in the list already`,
      )
    merged.set(entitlement_id, { entitlement_id, details: own ?? details.get(entitlement_id) ?? {} })
  }
  return {
    entitlements: [...merged.values()],
    inherits: given.inherits ?? before.inherits,
    application_datasource_id:
      given.application_datasource_id === undefined
        ? before.application_datasource_id
        : given.application_datasource_id,
    application_sync_identity_action:
      given.application_sync_identity_action === undefined
        ? before.application_sync_identity_action
        : given.application_sync_identity_action,
  }
}

export function sameContents(a: Contents, b: Contents): boolean {
  return isDeepStrictEqual(a, b)
}

/** Whether a running profile could give anything with it. */
export function givesSomething({ entitlements, inherits, application_datasource_id }: Contents): boolean {
  return entitlements.length > 0 || inherits.length > 0 || application_datasource_id !== null
}

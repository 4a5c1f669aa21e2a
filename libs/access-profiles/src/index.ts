export * from './access-profiles.dto.ts'
export {
  childrenOf,
  draftNumber,
  effectiveEntitlements,
  entitlementsOf,
  memberProjection,
  ofOwner,
  ofSource,
  parentsOf,
  published,
  reach,
  segmentsOf,
  type ProfileSelection,
  type VersionAt,
} from './access-profiles.fields.ts'
export { connectionCount, groupConnections } from './connections/connections.fields.ts'
export { ConnectionsService } from './connections/connections.service.ts'
export { AccessProfilesModule } from './access-profiles.module.ts'
export { AccessProfilesService, type RequestableOutcome } from './access-profiles.service.ts'
export type { Contents } from './contents.ts'
export { MemberAccess, type AccessGiver } from './member-access.ts'
export * from './members.dto.ts'
export { MembersService } from './members.service.ts'
export type { RemovalReport } from './profile-removals.ts'
export type { EntitlementView } from './profile-entitlements.fields.ts'
export * from './request-config.dto.ts'
export * from './types/access-profile-types.dto.ts'
export { builtInTypes, typeOf } from './types/access-profile-types.fields.ts'
export { AccessProfileTypesService } from './types/access-profile-types.service.ts'
export * from './versions.dto.ts'
export { VersionsService, type VersionChange, type VersionPatch } from './versions.service.ts'

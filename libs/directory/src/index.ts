export * from './directory.module.ts'
export { ApiKeysService } from './api-keys/api-keys.service.ts'
export { OAuthClientsService } from './oauth-clients/oauth-clients.service.ts'
export {
  mostPersonalTokens,
  PersonalTokensService,
  type NewPersonalToken,
  type PersonalTokenPage,
} from './personal-tokens/personal-tokens.service.ts'
export { personalTokenFields, type PersonalToken } from './personal-tokens/personal-tokens.fields.ts'
export { isSubAdministrator, subAdministrator } from './sub-administrators.ts'
export { OidcIssuersService } from './oidc-issuers/oidc-issuers.service.ts'
export { TenantsService } from './tenants/tenants.service.ts'
export type { EntitlementName } from './entitlements/entitlements.repository.ts'
export { EntitlementsService } from './entitlements/entitlements.service.ts'
export { GroupsService } from './groups/groups.service.ts'
export { IdentitiesService } from './identities/identities.service.ts'
export { SegmentsService } from './segments/segments.service.ts'
export { Tasks, type TaskDone } from './tasks/tasks.service.ts'
export { SourcesService } from './sources/sources.service.ts'
export { ImportReport } from './import/import.dto.ts'
export { ImportModule } from './import/import.module.ts'
export { ImportService } from './import/import.service.ts'
export { failed, ImportTypes, type ImportHandler, type LineOutcome } from './import/import-types.ts'
export { References } from './import/references.repository.ts'
export { CreateApiKey } from './api-keys/api-keys.dto.ts'
export { CreateTenant } from './tenants/tenants.dto.ts'
export { stored } from './objects.dto.ts'

import { Module } from '@nestjs/common'
import { ApiKeysModule } from './api-keys/api-keys.module.ts'
import { EntitlementsModule } from './entitlements/entitlements.module.ts'
import { GroupsModule } from './groups/groups.module.ts'
import { IdentitiesModule } from './identities/identities.module.ts'
import { ImportModule } from './import/import.module.ts'
import { MeModule } from './me/me.module.ts'
import { OAuthClientsModule } from './oauth-clients/oauth-clients.module.ts'
import { OidcIssuersModule } from './oidc-issuers/oidc-issuers.module.ts'
import { PersonalTokensModule } from './personal-tokens/personal-tokens.module.ts'
import { SegmentsModule } from './segments/segments.module.ts'
import { SignInsModule } from './sign-ins.module.ts'
import { SourcesModule } from './sources/sources.module.ts'
import { TasksModule } from './tasks/tasks.module.ts'
import { UsesModule } from './uses/uses.module.ts'
import { TenantsModule } from './tenants/tenants.module.ts'

const resources = [
  ApiKeysModule,
  EntitlementsModule,
  GroupsModule,
  IdentitiesModule,
  ImportModule,
  MeModule,
  OAuthClientsModule,
  OidcIssuersModule,
  PersonalTokensModule,
  SegmentsModule,
  SignInsModule,
  SourcesModule,
  TasksModule,
  TenantsModule,
  UsesModule,
]

/** Tenants, their people and systems, and who may call for them. */
@Module({ imports: resources, exports: resources })
export class DirectoryModule {}

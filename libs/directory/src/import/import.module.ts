import { Module } from '@nestjs/common'
import { EntitlementsModule } from '../entitlements/entitlements.module.ts'
import { GroupsModule } from '../groups/groups.module.ts'
import { IdentitiesModule } from '../identities/identities.module.ts'
import { SegmentsModule } from '../segments/segments.module.ts'
import { SourcesModule } from '../sources/sources.module.ts'
import { DirectoryHandlers } from './directory-handlers.ts'
import { EntitlementLines } from './entitlement-lines.ts'
import { GroupLines } from './group-lines.ts'
import { IdentityLines } from './identity-lines.ts'
import { ImportController } from './import.controller.ts'
import { ImportRepository } from './import.repository.ts'
import { ImportService } from './import.service.ts'
import { ImportTypes } from './import-types.ts'
import { References } from './references.repository.ts'

@Module({
  imports: [EntitlementsModule, GroupsModule, IdentitiesModule, SegmentsModule, SourcesModule],
  controllers: [ImportController],
  providers: [
    ImportTypes,
    References,
    ImportRepository,
    ImportService,
    IdentityLines,
    GroupLines,
    EntitlementLines,
    DirectoryHandlers,
  ],
  exports: [ImportTypes, References, ImportService],
})
export class ImportModule {}

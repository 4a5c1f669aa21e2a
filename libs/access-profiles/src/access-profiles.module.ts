import { Module } from '@nestjs/common'
import { DirectoryModule } from '#directory'
import { AccessProfilesController } from './access-profiles.controller.ts'
import { AccessProfilesRepository } from './access-profiles.repository.ts'
import { AccessProfilesService } from './access-profiles.service.ts'
import { ConnectionsRepository } from './connections/connections.repository.ts'
import { ConnectionsService } from './connections/connections.service.ts'
import { AssignmentLines } from './import/assignment-lines.ts'
import { ImportedProfiles } from './import/imported-profiles.repository.ts'
import { ProfileLines } from './import/profile-lines.ts'
import { MemberAccess } from './member-access.ts'
import { MembersController } from './members.controller.ts'
import { MembersRepository } from './members.repository.ts'
import { MembersService } from './members.service.ts'
import { ProfileChanges } from './profile-changes.ts'
import { ProfileContents } from './profile-contents.ts'
import { ProfileRemovals } from './profile-removals.ts'
import { AccessProfileTypesController } from './types/access-profile-types.controller.ts'
import { AccessProfileTypesRepository } from './types/access-profile-types.repository.ts'
import { AccessProfileTypesService } from './types/access-profile-types.service.ts'
import { ProfileUses } from './profile-uses.ts'
import { ProfileUsesRepository } from './profile-uses.repository.ts'
import { ProfileTypes } from './types/profile-types.ts'
import { VersionsController } from './versions.controller.ts'
import { VersionsRepository } from './versions.repository.ts'
import { VersionsService } from './versions.service.ts'

@Module({
  controllers: [AccessProfilesController, VersionsController, MembersController, AccessProfileTypesController],
  imports: [DirectoryModule],
  providers: [
    AccessProfilesRepository,
    AccessProfilesService,
    AccessProfileTypesRepository,
    AccessProfileTypesService,
    AssignmentLines,
    ConnectionsRepository,
    ConnectionsService,
    ImportedProfiles,
    MemberAccess,
    MembersRepository,
    MembersService,
    ProfileChanges,
    ProfileContents,
    ProfileRemovals,
    ProfileTypes,
    ProfileUses,
    ProfileUsesRepository,
    ProfileLines,
    VersionsRepository,
    VersionsService,
  ],
  exports: [
    AccessProfilesService,
    AccessProfileTypesService,
    ConnectionsService,
    MemberAccess,
    MembersService,
    VersionsService,
  ],
})
export class AccessProfilesModule {}

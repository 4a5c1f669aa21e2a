import { Module } from '@nestjs/common'
import { DirectoryModule } from '#directory'
import { AccessProfilesController } from './access-profiles.controller.ts'
import { AccessProfilesRepository } from './access-profiles.repository.ts'
import { AccessProfilesService } from './access-profiles.service.ts'
import { MemberAccess } from './member-access.ts'
import { MembersController } from './members.controller.ts'
import { MembersRepository } from './members.repository.ts'
import { MembersService } from './members.service.ts'
import { ProfileChanges } from './profile-changes.ts'
import { ProfileContents } from './profile-contents.ts'
import { VersionsController } from './versions.controller.ts'
import { VersionsRepository } from './versions.repository.ts'
import { VersionsService } from './versions.service.ts'

@Module({
  controllers: [AccessProfilesController, VersionsController, MembersController],
  imports: [DirectoryModule],
  providers: [
    AccessProfilesRepository,
    AccessProfilesService,
    MemberAccess,
    MembersRepository,
    MembersService,
    ProfileChanges,
    ProfileContents,
    VersionsRepository,
    VersionsService,
  ],
  exports: [AccessProfilesService, MemberAccess, MembersService, VersionsService],
})
export class AccessProfilesModule {}

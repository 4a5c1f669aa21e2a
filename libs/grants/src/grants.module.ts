import { Module } from '@nestjs/common'
import { AccessProfilesModule } from '#access-profiles'
import { DirectoryModule } from '#directory'
import { ExpiryJob } from './expiry.job.ts'
import { GrantedEntitlements } from './granted-entitlements.ts'
import { GrantsController } from './grants.controller.ts'
import { GrantsImport } from './grants.import.ts'
import { GrantsRepository } from './grants.repository.ts'
import { GrantsService } from './grants.service.ts'
import { MemberGrants } from './member-grants.ts'
import { MemberGrantsRepository } from './member-grants.repository.ts'

@Module({
  controllers: [GrantsController],
  imports: [AccessProfilesModule, DirectoryModule],
  providers: [
    GrantsService,
    GrantsRepository,
    GrantsImport,
    GrantedEntitlements,
    ExpiryJob,
    MemberGrants,
    MemberGrantsRepository,
  ],
  exports: [GrantsService],
})
export class GrantsModule {}

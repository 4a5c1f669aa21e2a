import { Module } from '@nestjs/common'
import { AccessProfilesModule } from '#access-profiles'
import { DirectoryModule } from '#directory'
import { Dialects } from '#platform'
import { AccessProfilesController, SeedAccessProfilesController } from './access-profiles/access-profiles.controller.ts'
import { dialect } from './dialect.ts'
import { neighbours } from './neighbours/index.ts'

/** SailPoint's API over our services. */
@Module({
  imports: [AccessProfilesModule, DirectoryModule],
  controllers: [AccessProfilesController, SeedAccessProfilesController, ...neighbours],
})
export class SailPointModule {
  constructor(dialects: Dialects) {
    dialects.register({ ...dialect, modules: [SailPointModule] })
  }
}

import { Module } from '@nestjs/common'
import { AccessProfilesModule } from '#access-profiles'
import { DirectoryModule } from '#directory'
import { Dialects } from '#platform'
import { dialect } from './dialect.ts'
import { IntegrationsController } from './integrations/integrations.controller.ts'
import { KeysController } from './keys/keys.controller.ts'
import { EntitiesPipe } from './profiles/entities.pipe.ts'
import { ProfilesController } from './profiles/profiles.controller.ts'
import { VersionsController } from './profiles/versions.controller.ts'
import { TypesController } from './types/types.controller.ts'

/** Veza's lifecycle management over our services. */
@Module({
  controllers: [ProfilesController, VersionsController, TypesController, IntegrationsController, KeysController],
  imports: [AccessProfilesModule, DirectoryModule],
  providers: [EntitiesPipe],
})
export class VezaModule {
  constructor(dialects: Dialects) {
    dialects.register({ ...dialect, modules: [VezaModule] })
  }
}

import { Module, type DynamicModule } from '@nestjs/common'
import { AccessProfilesModule } from '#access-profiles'
import { AuditModule } from '#audit'
import { DirectoryModule } from '#directory'
import { GrantsModule } from '#grants'
import { PlatformModule, type Config, type DatabaseAddress } from '#platform'
import { PolicyModule } from '#policy'
import { RegistryModule } from '#registry'
import { SailPointModule } from '#sailpoint'
import { VezaModule } from '#veza'

/** The module list. Guard, pipe and filter are the platform's and hold for every route. */
@Module({})
export class AppModule {
  static on(config: Config, address: DatabaseAddress): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.on(config, address),
        AuditModule,
        DirectoryModule,
        PolicyModule,
        AccessProfilesModule,
        GrantsModule,
        RegistryModule,
        SailPointModule,
        VezaModule,
      ],
    }
  }
}

import { Module } from '@nestjs/common'
import { PolicyModule } from '#policy'
import { RegistryController } from './registry.controller.ts'
import { RegistryRepository } from './registry.repository.ts'
import { RegistryService } from './registry.service.ts'

@Module({
  imports: [PolicyModule],
  controllers: [RegistryController],
  providers: [RegistryService, RegistryRepository],
})
export class RegistryModule {}

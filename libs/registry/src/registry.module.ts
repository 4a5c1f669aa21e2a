import { Module } from '@nestjs/common'
import { RegistryController } from './registry.controller.ts'
import { RegistryRepository } from './registry.repository.ts'
import { RegistryService } from './registry.service.ts'

@Module({
  controllers: [RegistryController],
  providers: [RegistryService, RegistryRepository],
})
export class RegistryModule {}

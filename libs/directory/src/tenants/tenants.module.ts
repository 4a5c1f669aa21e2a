import { Module } from '@nestjs/common'
import { ApiKeysModule } from '../api-keys/api-keys.module.ts'
import { TenantsController } from './tenants.controller.ts'
import { TenantsRepository } from './tenants.repository.ts'
import { TenantsService } from './tenants.service.ts'

@Module({
  imports: [ApiKeysModule],
  controllers: [TenantsController],
  providers: [TenantsService, TenantsRepository],
  exports: [TenantsService],
})
export class TenantsModule {}

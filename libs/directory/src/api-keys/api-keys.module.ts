import { Module } from '@nestjs/common'
import { ApiKeysController } from './api-keys.controller.ts'
import { ApiKeysRepository } from './api-keys.repository.ts'
import { ApiKeysService } from './api-keys.service.ts'

@Module({
  controllers: [ApiKeysController],
  providers: [ApiKeysService, ApiKeysRepository],
  exports: [ApiKeysService],
})
export class ApiKeysModule {}

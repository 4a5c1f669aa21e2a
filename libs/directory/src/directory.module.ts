import { Module } from '@nestjs/common'
import { ApiKeysModule } from './api-keys/api-keys.module.ts'
import { TenantsModule } from './tenants/tenants.module.ts'

const resources = [
  ApiKeysModule,
  TenantsModule,
]

/** Tenants, their people and systems, and who may call for them. */
@Module({ imports: resources, exports: resources })
export class DirectoryModule {}

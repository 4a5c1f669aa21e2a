import { Module } from '@nestjs/common'
import { Dialects } from '#platform'
import { dialect } from './dialect.ts'

/** SailPoint's API over our services. */
@Module({})
export class SailPointModule {
  constructor(dialects: Dialects) {
    dialects.register({ ...dialect, modules: [SailPointModule] })
  }
}

import { Module } from '@nestjs/common'
import { PolicyEngine } from './policy-engine.ts'
import { Sandbox } from './sandbox.ts'

@Module({
  providers: [{ provide: Sandbox, useFactory: () => new Sandbox() }, PolicyEngine],
  exports: [PolicyEngine],
})
export class PolicyEngineModule {}

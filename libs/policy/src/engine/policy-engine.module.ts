import { Module } from '@nestjs/common'
import { PolicyEngine } from './policy-engine.ts'

@Module({ providers: [PolicyEngine], exports: [PolicyEngine] })
export class PolicyEngineModule {}

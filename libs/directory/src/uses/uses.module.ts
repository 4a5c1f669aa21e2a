import { Global, Module } from '@nestjs/common'
import { HeldEntitlements } from './held-entitlements.ts'
import { ObjectUses } from './object-uses.ts'

/** Global, since every kind of object can be in use and every library may use one. */
@Global()
@Module({ providers: [HeldEntitlements, ObjectUses], exports: [HeldEntitlements, ObjectUses] })
export class UsesModule {}

import { Global, Module } from '@nestjs/common'
import { ObjectUses } from './object-uses.ts'

/** Global, since every kind of object can be in use and every library may use one. */
@Global()
@Module({ providers: [ObjectUses], exports: [ObjectUses] })
export class UsesModule {}

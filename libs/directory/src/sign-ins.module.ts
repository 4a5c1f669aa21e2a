import { Global, Module } from '@nestjs/common'
import { SignIns } from '#platform'
import { SignInsRepository } from './sign-ins.repository.ts'
import { DirectorySignIns } from './sign-ins.ts'

/** What the platform's authentication asks of the directory. */
@Global()
@Module({ providers: [SignInsRepository, { provide: SignIns, useClass: DirectorySignIns }], exports: [SignIns] })
export class SignInsModule {}

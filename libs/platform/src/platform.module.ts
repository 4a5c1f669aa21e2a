import { Global, Module, type DynamicModule } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core'
import { AuthModule } from './auth/auth.module.ts'
import { Config } from './config/config.ts'
import { DatabaseAddress } from './database/database-address.ts'
import { DatabaseModule } from './database/database.module.ts'
import { ErrorFilter } from './http/error.filter.ts'
import { Dialects } from './http/dialects.ts'
import { ErrorRenderers } from './http/error-renderers.ts'
import { HealthController } from './http/health.controller.ts'
import { IdempotencyJob } from './http/idempotency.job.ts'
import { PreconditionGuard } from './http/precondition.guard.ts'
import { QueryGuard } from './http/query.guard.ts'
import { RateLimit } from './http/rate-limit.ts'
import { Readiness } from './http/readiness.ts'
import { RouteTable } from './http/route-table.ts'
import { StrictValidationPipe } from './http/validation.ts'
import { Jobs } from './jobs/jobs.ts'
import { TenantGuard } from './tenancy/tenant.guard.ts'

/** What every library stands on: settings, database, guard, pipe, filter, answers, jobs. */
@Global()
@Module({})
export class PlatformModule {
  static on(config: Config, address: DatabaseAddress): DynamicModule {
    return {
      module: PlatformModule,
      imports: [DatabaseModule, AuthModule],
      controllers: [HealthController],
      providers: [
        { provide: Config, useValue: config },
        { provide: DatabaseAddress, useValue: address },
        ErrorRenderers,
        Dialects,
        RouteTable,
        Readiness,
        RateLimit,
        Jobs,
        IdempotencyJob,
        ErrorFilter,
        { provide: APP_FILTER, useExisting: ErrorFilter },
        { provide: APP_GUARD, useClass: TenantGuard },
        { provide: APP_GUARD, useClass: QueryGuard },
        { provide: APP_GUARD, useClass: PreconditionGuard },
        { provide: APP_PIPE, useClass: StrictValidationPipe },
      ],
      exports: [Config, DatabaseAddress, Dialects, ErrorRenderers, RouteTable, RateLimit, Readiness, Jobs, ErrorFilter],
    }
  }
}

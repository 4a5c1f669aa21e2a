export { Operator, Public, Requires, SignedIn, routeAccess, type Access } from './auth/access.ts'
export * from './auth/index.ts'
export { CurrentActor } from './auth/current-actor.ts'
export { Config } from './config/config.ts'
export { settings, type SettingName } from './config/settings.ts'
export { Database } from './database/database.ts'
export { DatabaseAddress } from './database/database-address.ts'
export { startEmbeddedPostgres } from './database/embedded-postgres.ts'
export { migrate, migrationScript } from './database/migrations.ts'
export { letApplicationLogIn, openDatabase, type OpenDatabase } from './database/open-database.ts'
export { Prisma } from './database/prisma-client.ts'
export {
  array,
  column,
  columns,
  document,
  documents,
  ids,
  instant,
  json,
  keptText,
  object,
  optional,
  time,
  uuid,
  word,
  type Fields,
  type Projection,
} from './database/projection.ts'
export { JsonText, PageText } from './database/json-text.ts'
export { filtered, readAll, readOffsetPage, readOne, readPage } from './database/read.ts'
export { newestFirst, oldestFirst, type Order } from './database/order.ts'
export type { OffsetPage, OffsetRequest, PageRequest } from './database/read.ts'
export { SharedReads } from './database/shared-reads.ts'
export { all, Fragment, join, perRow, raw, sql, type Sql } from './database/sql.ts'
export { BodyStream, TakesStream } from './http/body-stream.ts'
export { ClientSignal } from './http/client-signal.ts'
export { describedPath, Dialects, type Dialect } from './http/dialects.ts'
export { renderNativeError, type ErrorAnswer, type ErrorRenderer, type ErrorRequest } from './http/error-renderers.ts'
export * from './http/fields.ts'
export * from './http/json-fields.ts'
export { Filter, listQuery, Sort, type ListQuery } from './http/filter.ts'
export * from './http/pages.ts'
export { maximumDepth, maximumMembers, parseJsonBody, refuseNul, TakesNul } from './http/json-body.ts'
export { IfMatch, Precondition } from './http/precondition.ts'
export { Post } from './http/post.ts'
export { Readiness } from './http/readiness.ts'
export { Repeatable, repeatable } from './http/repeatable.ts'
export { RouteTable } from './http/route-table.ts'
export { fastifyAdapter, hardenServer } from './http/server.ts'
export {
  checkedBody,
  objectId,
  StrictValidationPipe,
  versionNumber,
  type FieldError,
  type FieldReason,
} from './http/validation.ts'
export { Jobs, type Job } from './jobs/jobs.ts'
export { PlatformModule } from './platform.module.ts'
export { currentContext, forTenant, openContext, type Context } from './tenancy/context.ts'

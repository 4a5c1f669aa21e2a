import { applyDecorators, Post as NestPost, UseInterceptors } from '@nestjs/common'
import { IdempotencyInterceptor } from './idempotency.interceptor.ts'

/** Nest's `@Post`, with Idempotency-Key. Every route takes it from here; an interceptor for all of them would cost each GET a quarter of its time. */
export const Post = (path?: string): MethodDecorator =>
  applyDecorators(NestPost(path), UseInterceptors(IdempotencyInterceptor))

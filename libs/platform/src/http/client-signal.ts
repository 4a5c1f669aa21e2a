import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { DomainError } from '#kernel'

/** Aborted when the client closes its connection before it has its answer, for work that nobody would hear of. */
export const ClientSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const { raw } = context.switchToHttp().getResponse<FastifyReply>()
  const gone = new AbortController()
  const abort = (): void => gone.abort(new DomainError('invalid_request', 'The client went away before the answer'))
  if (raw.destroyed) abort()
  else raw.once('close', () => raw.writableFinished || abort())
  return gone.signal
})

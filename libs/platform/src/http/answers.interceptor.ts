import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { map, type Observable } from 'rxjs'
import { JsonText } from '../database/read.ts'
import { entityTag } from './precondition.ts'

/** JSON text goes out as it is; a single object with a version gets its ETag. */
@Injectable()
export class AnswersInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>()
    return next.handle().pipe(map((answer) => render(answer, reply)))
  }
}

function render(answer: unknown, reply: FastifyReply): unknown {
  if (answer instanceof JsonText) {
    void reply.header('content-type', 'application/json; charset=utf-8')
    return answer.text
  }
  if (typeof answer === 'object' && answer !== null && 'version' in answer && typeof answer.version === 'number') {
    void reply.header('etag', entityTag(answer.version))
  }
  return answer
}

import type { FastifyReply } from 'fastify'
import { JsonText } from '../database/json-text.ts'
import { entityTag } from './precondition.ts'

/**
 * JSON text goes out as it is, in bytes: as text it would be copied once to be measured and once behind its head. Their memory
 * is given back when they are out, not when V8 next collects. A single object with a version gets its ETag.
 */
export function rendered(answer: unknown, reply: FastifyReply): unknown {
  if (answer instanceof JsonText) {
    void reply.headers({ ...answer.headers, 'content-type': 'application/json; charset=utf-8' })
    const bytes = answer.toBuffer()
    reply.raw.once('finish', () => bytes.buffer.transfer(0))
    return bytes
  }
  if (typeof answer === 'object' && answer !== null && 'version' in answer && typeof answer.version === 'number') {
    void reply.header('etag', entityTag(answer.version))
  }
  return answer
}

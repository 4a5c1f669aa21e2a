import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import { defer, lastValueFrom, type Observable } from 'rxjs'
import { DomainError } from '#kernel'
import { seal, unseal, type Sealing } from '../auth/sealed.ts'
import { Database } from '../database/database.ts'
import { JsonText } from '../database/json-text.ts'
import { sql } from '../database/sql.ts'
import { currentContext } from '../tenancy/context.ts'
import { repeatable } from './repeatable.ts'

/** How long an answer is kept. */
export const keptHours = 24

interface Stored {
  request_hash: Uint8Array
  status: number
  answer: Uint8Array
}

/**
 * Idempotency-Key on every POST (draft-ietf-httpapi-idempotency-key-header). The key, the change and the answer are one
 * transaction: a crash leaves all of it or nothing, so a key has one effect. Only answers that changed something are
 * kept (2xx, for 24 hours); a refusal changed nothing and is judged again.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  readonly #database: Database
  readonly #reflector: Reflector

  constructor(database: Database, reflector: Reflector) {
    this.#database = database
    this.#reflector = reflector
  }

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const header = request.headers['idempotency-key']
    if (header === undefined || request.method !== 'POST') return next.handle()
    if (typeof header !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(header)) {
      throw new DomainError(
        'invalid_parameter',
        'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces',
        {
          parameter: 'Idempotency-Key',
        },
      )
    }
    if (this.#reflector.get(repeatable, context.getHandler())) return next.handle()
    const reply = context.switchToHttp().getResponse<FastifyReply>()
    return defer(() => this.#once(header, request, reply, next))
  }

  async #once(key: string, request: FastifyRequest, reply: FastifyReply, next: CallHandler<unknown>): Promise<unknown> {
    const credential = currentContext()?.actor?.id ?? ''
    const keyHash = sha256(key)
    const requestHash = sha256(
      `${request.url.replaceAll(/\/+(?=\/|\?|$)/g, '')}\n${JSON.stringify(request.body ?? null)}`,
    )
    return this.#database.transaction(async () => {
      const stored = (await this.#find(credential, keyHash)) ?? (await this.#lock(credential, keyHash))
      if (stored) {
        if (!requestHash.equals(stored.request_hash)) throw new DomainError('idempotency_key_reused')
        void reply.status(stored.status).header('idempotent-replayed', 'true')
        return open(key, stored.answer)
      }
      const answer = await lastValueFrom(next.handle())
      await this.#database.prisma.idempotency_keys.create({
        data: {
          credential_id: credential,
          key_hash: keyHash,
          request_hash: requestHash,
          status: reply.statusCode,
          answer: seal(sealing(key), Buffer.from(JSON.stringify(kept(answer)))),
        },
      })
      return answer
    })
  }

  /** Nobody else runs a request with this key from here to the end of the transaction; what one has stored just before. */
  async #lock(credential: string, keyHash: Buffer<ArrayBuffer>): Promise<Stored | null> {
    const name = sha256(`${currentContext()?.tenantId}\n${credential}\n${keyHash.toString('hex')}`)
    const lock = sql`select pg_try_advisory_xact_lock(${name.readBigInt64BE().toString()}::text::bigint) as held`
    const [row] = await this.#database.query<{ held: boolean }>(lock.toStatement())
    if (!row?.held) {
      throw new DomainError('idempotency_in_progress', undefined, undefined, { headers: { 'retry-after': '1' } })
    }
    return this.#find(credential, keyHash)
  }

  /** A key that is too old is as good as never used. */
  async #find(credential: string, keyHash: Buffer<ArrayBuffer>): Promise<Stored | null> {
    const where = { credential_id: credential, key_hash: keyHash }
    await this.#database.query(
      sql`delete from idempotency_keys where credential_id = ${credential} and key_hash = decode(${keyHash.toString('hex')}, 'hex')
        and created_at < app_now() - make_interval(hours => ${keptHours}::int)`.toStatement(),
    )
    return this.#database.prisma.idempotency_keys.findFirst({ where })
  }
}

function sha256(text: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash('sha256').update(text).digest())
}

function sealing(key: string): Sealing {
  return { under: key, use: 'castellan idempotency' }
}

/** What is kept of an answer: text that is JSON already keeps its headers. */
type Kept = { readonly answer: unknown } | Pick<JsonText, 'text' | 'headers'>

function kept(answer: unknown): Kept {
  return answer instanceof JsonText ? { text: answer.text, headers: answer.headers } : { answer: answer ?? null }
}

function open(key: string, sealed: Uint8Array): unknown {
  const stored = unseal(sealing(key), sealed)
  if (stored === null) throw new Error('A stored answer does not open with its Idempotency-Key')
  const again = JSON.parse(stored.toString('utf8')) as Kept
  return 'text' in again ? new JsonText(again.text, again.headers) : again.answer
}

import { Injectable, type OnApplicationShutdown } from '@nestjs/common'
import { PrismaPg } from '@prisma/adapter-pg'
import { currentContext, forTenant, withTransaction } from '../tenancy/context.ts'
import { applicationRole } from './application-role.ts'
import { toDomainError } from './database-errors.ts'
import { PrismaClient, type TransactionClient } from './prisma-client.ts'
import { SilenceWatch } from './silence.ts'
import { raw, sql, type Sql } from './sql.ts'
import { TenantPool } from './tenant-pool.ts'
import { Connection } from './transaction.ts'
import { Turns } from './turns.ts'

const transactionLimits = { maxWait: 10_000, timeout: 60_000 }
// Longer than the database itself lets a statement run, unless a transaction says otherwise.
const longestSilenceMs = 35_000
const suspiciousMs = 4_000
const turnWaitMs = 15_000

/** The database as the application's role sees it: the rows of the context's tenant, nothing else. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly #pool: TenantPool
  readonly #prisma: PrismaClient
  readonly #turns: Turns
  readonly #longTurns: Turns
  readonly #silence: SilenceWatch

  /** @param options `suspiciousMs`: how long the database may say nothing before it is asked whether it is there, in milliseconds */
  constructor(options: { url: string; poolSize: number; suspiciousMs?: number; log?: (error: Error) => void }) {
    this.#silence = new SilenceWatch({
      url: options.url,
      suspiciousMs: options.suspiciousMs ?? suspiciousMs,
      patience: (client) => Math.max(longestSilenceMs, this.#pool.timeOf(client) ?? 0),
    })
    this.#pool = new TenantPool({
      connectionString: options.url,
      max: options.poolSize,
      // A new connection costs as much as a dozen statements, and prepares its own anew.
      idleTimeoutMillis: 300_000,
      application_name: 'castellan',
      onConnect: (client) => {
        this.#silence.add(client)
        return applicationRole(client)
      },
    })
    this.#pool.on('error', (error) => options.log?.(error))
    this.#prisma = new PrismaClient({ adapter: new PrismaPg(this.#pool, { disposeExternalPool: false }) })
    // The writers of a tenant wait for each other in the database: half of the pool is left to everybody else.
    this.#turns = new Turns(Math.max(1, Math.floor(options.poolSize / 2)), turnWaitMs)
    // Those that may take an hour have a quarter of it, of all tenants together.
    this.#longTurns = new Turns(Math.max(1, Math.floor(options.poolSize / 4)), turnWaitMs)
  }

  /** Prisma, inside the transaction of the context when there is one. */
  get prisma(): TransactionClient {
    return currentContext()?.transaction?.prisma ?? this.#prisma
  }

  /** Rows of one statement; inside the transaction of the context when there is one. */
  async query<Row>(statement: Sql): Promise<Row[]> {
    const transaction = currentContext()?.transaction
    try {
      if (transaction) return (await transaction.connection.query(statement)) as Row[]
      return (await this.#pool.run(statement)) as Row[]
    } catch (error) {
      throw toDomainError(error)
    }
  }

  /** All of it or nothing. Joins the transaction that is already open. `timeout` in milliseconds, a minute by default. */
  async transaction<T>(work: () => Promise<T>, { timeout = transactionLimits.timeout } = {}): Promise<T> {
    if (currentContext()?.transaction) return await work()
    const connection = new Connection(timeout)
    const begin = (): Promise<T> =>
      this.#pool.begin(connection, () =>
        this.#prisma.$transaction((prisma) => withTransaction({ prisma, connection }, work), {
          ...transactionLimits,
          timeout,
        }),
      )
    try {
      const inTurn = (): Promise<T> => this.#turns.take(currentContext()?.tenantId ?? '', begin)
      return await (timeout > transactionLimits.timeout ? this.#longTurns.take('', inTurn) : inTurn())
    } catch (error) {
      throw toDomainError(error)
    }
  }

  /** The same, and where a transaction is open a part of it: when the part fails, the rest goes on without it. */
  async part<T>(work: () => Promise<T>): Promise<T> {
    if (!currentContext()?.transaction) return this.transaction(work)
    await this.query(raw('savepoint part').toStatement())
    try {
      return await work()
    } catch (error) {
      await this.query(raw('rollback to savepoint part').toStatement())
      throw toDomainError(error)
    } finally {
      await this.query(raw('release savepoint part').toStatement())
    }
  }

  /**
   * The part of the open transaction that belongs to another tenant: the operator makes a tenant and its first key at
   * once. @throws Error outside a transaction
   */
  async asTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const { transaction, tenantId: before } = currentContext() ?? {}
    if (!transaction || !before) throw new Error('Only a transaction can change its tenant')
    const become = (id: string): Promise<unknown[]> =>
      this.query(sql`select set_config('app.tenant_id', ${id}::text, true)`.toStatement())
    await become(tenantId)
    try {
      return await forTenant(tenantId, () => withTransaction(transaction, work))
    } finally {
      // Fails only in a transaction that failed already, and so will be rolled back.
      await become(before).catch(() => undefined)
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.#silence.stop()
    await this.#prisma.$disconnect()
    await this.#pool.end()
  }
}

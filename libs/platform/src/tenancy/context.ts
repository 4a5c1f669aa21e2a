import { AsyncLocalStorage } from 'node:async_hooks'
import type { Actor } from '#kernel'
import type { Transaction } from '../database/transaction.ts'

/** What one request (or one run of a job) carries with it. A hook opens it, the guard fills it. */
export interface Context {
  readonly requestId: string | null
  /** The tenant whose rows the database shows; null: none, so no rows at all. */
  tenantId: string | null
  actor: Actor | null
  transaction: Transaction | null
}

const storage = new AsyncLocalStorage<Context>()

export function currentContext(): Context | undefined {
  return storage.getStore()
}

export function openContext<T>(requestId: string | null, run: () => T): T {
  return storage.run({ requestId, tenantId: null, actor: null, transaction: null }, run)
}

/**
 * Runs `work` for a tenant. It is awaited inside: a Prisma promise is lazy and would otherwise start outside, without
 * its tenant. A transaction that is open belongs to one tenant, so another tenant starts without it.
 */
export function forTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
  const outer = storage.getStore()
  const transaction = outer?.tenantId === tenantId ? outer.transaction : null
  const context = { requestId: outer?.requestId ?? null, tenantId, actor: outer?.actor ?? null, transaction }
  return storage.run(context, async () => await work())
}

export function withTransaction<T>(transaction: Transaction, work: () => Promise<T>): Promise<T> {
  const outer = storage.getStore()
  const context = {
    requestId: outer?.requestId ?? null,
    tenantId: outer?.tenantId ?? null,
    actor: outer?.actor ?? null,
    transaction,
  }
  return storage.run(context, async () => await work())
}

import type { PoolClient, QueryResultRow } from 'pg'
import { DomainError } from '#kernel'
import type { TransactionClient } from './prisma-client.ts'
import type { Sql } from './sql.ts'

/** A transaction that Prisma began: for Prisma's own writes, and for statements of ours on the same connection. */
export interface Transaction {
  readonly prisma: TransactionClient
  readonly connection: Connection
}

/**
 * The connection that a transaction was begun on. Statements of ours go to it directly, prepared, where Prisma would
 * compile each one anew. Once the transaction is over the connection is somebody else's, and this one is closed.
 */
export class Connection {
  /** How long the transaction may take, in milliseconds. */
  readonly timeout: number
  #client: PoolClient | null = null
  #taken = false
  #deadline = Infinity

  constructor(timeout: number) {
    this.timeout = timeout
  }

  /** The first connection that is checked out for the transaction is its own. Gives false for any later one. */
  take(client: PoolClient): boolean {
    if (this.#taken) return false
    this.#taken = true
    this.#client = client
    this.#deadline = performance.now() + this.timeout
    return true
  }

  close(): void {
    this.#client = null
  }

  /** Nothing is sent past the deadline, which is before Prisma's own: what comes after its ROLLBACK would be committed by itself. */
  async query<Row extends QueryResultRow>(statement: Sql): Promise<Row[]> {
    if (this.#client === null || performance.now() >= this.#deadline)
      throw new DomainError('unavailable', 'The transaction took too long and was rolled back; try again')
    const { rows } = await this.#client.query<Row>({ ...statement, values: [...statement.values] })
    return rows
  }
}

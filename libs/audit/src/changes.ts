import { Injectable } from '@nestjs/common'
import { newId, type Actor, type EventType } from '#kernel'
import { currentContext } from '#platform'
import { ChangesRepository } from './changes.repository.ts'

export interface Change {
  /** Such as `grant.revoked`; also the type of the event. */
  readonly action: EventType
  readonly resource: { readonly type: string; readonly id: string }
  /** What the event carries: the object after the change. */
  readonly data: object
  /** What the audit entry tells beyond the action, such as the fields that were changed. */
  readonly metadata?: object
  /** Why, in the words of who did it. */
  readonly reasoning?: string | null
}

/** Every change is an audit entry and an outbox event, in the transaction of the change. */
@Injectable()
export class Changes {
  readonly #chain: ChangesRepository

  constructor(chain: ChangesRepository) {
    this.#chain = chain
  }

  /**
   * Locks the end of the tenant's chain until the transaction ends, before `record` would: what is read from then on holds
   * when the change is recorded, since every other change of the tenant waits.
   */
  async serialize(): Promise<void> {
    await this.#chain.lock()
  }

  /**
   * Appends the changes to the tenant's chain and outbox, in the given order, and locks the end of the chain until the
   * transaction ends: call it last. @throws Error outside a transaction
   */
  async record(actor: Actor, ...changes: readonly Change[]): Promise<void> {
    const context = currentContext()
    if (!context?.transaction) throw new Error('A change is recorded in the transaction that makes it')
    const requestId = context.requestId
    const rows = changes.map(({ action, resource, data, metadata, reasoning }) => ({
      id: newId(),
      event_id: newId(),
      actor_id: actor.id,
      actor_type: actor.type,
      action,
      resource_type: resource.type,
      resource_id: resource.id,
      metadata: metadata ?? {},
      reasoning: reasoning ?? null,
      request_id: requestId,
      data,
    }))
    await this.#chain.append(rows)
  }
}

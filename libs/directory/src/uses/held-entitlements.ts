import { Injectable } from '@nestjs/common'
import type { EntitlementFields } from '../entitlements/entitlements.dto.ts'
import { accessChanges } from '../entitlements/entitlements.fields.ts'

/** Finds those of the entitlements that have open grants, scheduled ones included. */
export type FindHeld = (ids: readonly string[]) => Promise<readonly string[]>

export interface EntitlementChange {
  readonly id: string
  /** null: it is new. */
  readonly before: EntitlementFields | null
  readonly fields: EntitlementFields
}

/** What an entitlement gives does not change under those who hold it, as far as a library has said who does. */
@Injectable()
export class HeldEntitlements {
  #find: FindHeld = () => Promise.resolve([])

  register(find: FindHeld): void {
    this.#find = find
  }

  /** Why changes are refused, by the ids of their entitlements, which are locked. */
  async refused(changes: readonly EntitlementChange[]): Promise<ReadonlyMap<string, string>> {
    const changed = new Map<string, string>()
    for (const { id, before, fields } of changes) {
      const names = before === null ? [] : accessChanges(before, fields)
      if (names.length > 0) changed.set(id, names.join(', '))
    }
    if (changed.size === 0) return changed
    const held = await this.#find([...changed.keys()])
    return new Map(
      held.map((id) => [
        id,
        `${changed.get(id)}: the entitlement has open grants, whose holders would have other access; they must be revoked or run out first`,
      ]),
    )
  }
}

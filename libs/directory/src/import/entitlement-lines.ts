import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import type { EntitlementFields } from '../entitlements/entitlements.dto.ts'
import { EntitlementsRepository } from '../entitlements/entitlements.repository.ts'
import { HeldEntitlements } from '../uses/held-entitlements.ts'
import { DirectoryLines } from './directory-lines.ts'
import type { Draft } from './drafts.ts'
import { EntitlementLine } from './import.dto.ts'
import { failed, type LineOutcome } from './import-types.ts'
import { References } from './references.repository.ts'

@Injectable()
export class EntitlementLines extends DirectoryLines<EntitlementFields, EntitlementLine> {
  readonly #held: HeldEntitlements

  constructor(objects: EntitlementsRepository, held: HeldEntitlements, references: References, changes: Changes) {
    super({ objects, line: EntitlementLine, names: { source: 'source_id', owner: 'owner_id' } }, references, changes)
    this.#held = held
  }

  protected override async refused(
    drafts: readonly Draft<EntitlementFields, EntitlementLine>[],
  ): Promise<ReadonlyMap<string, LineOutcome>> {
    const refused = await this.#held.refused(drafts)
    return new Map([...refused].map(([id, message]) => [id, failed('in_use', message)]))
  }
}

import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { DomainError, type Actor } from '#kernel'
import { Database, Precondition, type OffsetPage, type OffsetRequest, type Projection } from '#platform'
import type { KindName, Stored } from '../kind.fields.ts'
import { fieldError } from '../object-fields.ts'
import { HeldEntitlements } from '../uses/held-entitlements.ts'
import { ObjectUses } from '../uses/object-uses.ts'
import { ObjectsService, type ObjectChange } from '../objects.service.ts'
import { subAdministrator } from '../sub-administrators.ts'
import type { CreateEntitlement, EntitlementFields } from './entitlements.dto.ts'
import {
  EntitlementsRepository,
  type EntitlementName,
  type NamedEntitlement,
  type SegmentSelection,
} from './entitlements.repository.ts'
import type { EntitlementRevocationConfig } from './request-config.dto.ts'

const whatever = new Precondition(undefined)

@Injectable()
export class EntitlementsService extends ObjectsService<EntitlementFields, CreateEntitlement> {
  readonly #entitlements: EntitlementsRepository
  readonly #held: HeldEntitlements

  constructor(
    database: Database,
    entitlements: EntitlementsRepository,
    changes: Changes,
    uses: ObjectUses,
    held: HeldEntitlements,
  ) {
    super(database, entitlements, changes, uses)
    this.#entitlements = entitlements
    this.#held = held
  }

  /**
   * For a client that counts: those in the segments; null: all. What an identity sees is told to itself.
   * @throws DomainError `forbidden`
   */
  async listFor(
    actor: Actor,
    page: OffsetRequest,
    selection: SegmentSelection | null,
    view: Projection,
  ): Promise<OffsetPage> {
    if (selection === null) return this.listByOffset(actor, page, view)
    if (selection.seen_by !== undefined && selection.seen_by !== actor.identityId)
      throw new DomainError('forbidden', 'What an identity sees is told to itself only')
    return this.#entitlements.listSegmented(view, page, selection)
  }

  /** One change to many, all of them or none. @throws DomainError `invalid_body` naming the ids that no entitlement has */
  updateMany<T>(
    actor: Actor,
    ids: readonly string[],
    change: ObjectChange<CreateEntitlement, T, Stored<EntitlementFields>>,
    view: Projection,
  ): Promise<void> {
    return this.database.transaction(async () => {
      const absent = await this.#entitlements.absent('entitlement', ids)
      if (absent.length > 0) throw fieldError('ids', `No entitlement has the id ${absent.join(', ')}`, 'not_found')
      const sorted = ids.toSorted()
      // Before the first change is recorded: who makes a grant holds its entitlement while waiting to record it.
      for (const id of sorted) await this.#entitlements.lock(id)
      for (const id of sorted) await this.update(actor, id, change, whatever, view)
    })
  }

  /**
   * The entitlements so named, each in its place: none when nothing of the source has the name, several when it is
   * the value of several.
   */
  async named(_actor: Actor, names: readonly EntitlementName[]): Promise<(readonly NamedEntitlement[])[]> {
    if (names.length === 0) return []
    const fitting = await this.#entitlements.fitting(names)
    return names.map((_, place) => fitting.get(place) ?? [])
  }

  override remove(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return this.database.transaction(async () => {
      await this.#needManaged(actor, (await this.get(actor, id)).source_id)
      await super.remove(actor, id, precondition)
    })
  }

  protected override async checkStored(
    actor: Actor,
    after: EntitlementFields,
    before: Stored<EntitlementFields> | null,
  ): Promise<void> {
    await this.#needManaged(actor, after.source_id)
    if (before !== null) {
      await this.#needManaged(actor, before.source_id)
      await this.#checkHeld(before, after)
    }
    await this.#checkNamed('segment_ids', 'segment', after.segment_ids)
    await this.#checkNamed('request_config', 'group', approversOf(after.request_config))
    await this.#checkNamed('revocation_config', 'group', approversOf(after.revocation_config))
  }

  /** Everybody sees the entitlements; a sub-administrator changes those of the sources that it administers. */
  async #needManaged(actor: Actor, sourceId: string): Promise<void> {
    const identity = subAdministrator(actor)
    if (identity === null || (await this.#entitlements.isManaged(sourceId, identity))) return
    throw new DomainError('forbidden', `The source ${sourceId} is not one that you administer`, { source_id: sourceId })
  }

  async #checkHeld(before: Stored<EntitlementFields>, fields: EntitlementFields): Promise<void> {
    const refused = await this.#held.refused([{ id: before.id, before, fields }])
    for (const message of refused.values()) throw new DomainError('in_use', message)
  }

  async #checkNamed(field: string, kind: KindName, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const absent = await this.#entitlements.absent(kind, ids)
    if (absent.length > 0) throw fieldError(field, `${field}: no ${kind} has the id ${absent.join(', ')}`, 'not_found')
  }
}

function approversOf(config: EntitlementRevocationConfig | null): string[] {
  return [...new Set((config?.approval_schemes ?? []).flatMap(({ approver_id }) => approver_id ?? []))]
}

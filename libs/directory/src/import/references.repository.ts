import { Injectable } from '@nestjs/common'
import { Database, raw, sql } from '#platform'
import { tables, type KindName } from '../kind.fields.ts'
import { failed, type LineOutcome } from './import-types.ts'

/** The names that objects have in other systems. */
@Injectable()
export class References {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** External id → id, by one query for all of them; what does not exist is not in the map. */
  async resolve(kind: KindName, externalIds: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(externalIds)]
    if (wanted.length === 0) return new Map()
    const rows = await this.#database.query<{ external_id: string; id: string }>(
      sql`select t.external_id, t.id::text as id from ${raw(tables[kind])} t where t.external_id = any(${wanted}::text[])`.toStatement(),
    )
    return new Map(rows.map(({ external_id, id }) => [external_id, id]))
  }

  /**
   * The new objects whose ids are not to be had, by their keys, and why: another row of the table has the id, or one that
   * stands before in the list wants the same. Such a line fails by itself; the database would refuse its whole batch.
   */
  async taken(
    { name, table }: { readonly name: string; readonly table: string },
    wanted: readonly { readonly key: string; readonly id: string }[],
  ): Promise<ReadonlyMap<string, LineOutcome>> {
    if (wanted.length === 0) return new Map()
    const rows = await this.#database.query<{ id: string }>(
      sql`select t.id::text as id from ${raw(table)} t where t.id = any(${wanted.map(({ id }) => id)}::uuid[])`.toStatement(),
    )
    const others = new Set(rows.map(({ id }) => id))
    const refused = new Map<string, LineOutcome>()
    for (const { key, id } of wanted) {
      if (others.has(id)) refused.set(key, failed('already_exists', `id: another ${name} has the id ${id}`))
      others.add(id)
    }
    return refused
  }
}

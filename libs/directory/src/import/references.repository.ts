import { Injectable } from '@nestjs/common'
import { Database, raw, sql } from '#platform'
import { tables, type KindName } from '../kind.fields.ts'

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
}

import { Injectable } from '@nestjs/common'
import { Database, readOne, readPage, sql, type JsonText, type PageRequest } from '#platform'
import { latestVersionFirst } from '../versions/versions.fields.ts'
import type { PolicySchemaVersion } from './schema.dto.ts'
import { schemaVersionProjection, wholeSchemaVersionProjection } from './schema.fields.ts'

/** Reads what was saved; policy-sets.repository.ts saves it, with the set that it belongs to. */
@Injectable()
export class SchemaVersionsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, schemaVersionProjection, page, [], null, latestVersionFirst)
  }

  find(number: number): Promise<PolicySchemaVersion | null> {
    return readOne(this.#database, wholeSchemaVersionProjection, [sql`t.number = ${number}::int`])
  }
}

import { Injectable } from '@nestjs/common'
import {
  Database,
  oldestFirst,
  readOffsetPage,
  sql,
  type OffsetPage,
  type OffsetRequest,
  type Projection,
} from '#platform'

@Injectable()
export class ConnectionsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(groupId: string, page: OffsetRequest, view: Projection): Promise<OffsetPage> {
    return readOffsetPage(this.#database, view, page, [sql`t.group_id = ${groupId}::uuid`], { groupId }, oldestFirst)
  }
}

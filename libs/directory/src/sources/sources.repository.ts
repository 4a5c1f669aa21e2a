import { Injectable } from '@nestjs/common'
import { Database } from '#platform'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import type { SourceFields } from './sources.dto.ts'
import { sourceKind } from './sources.fields.ts'

@Injectable()
export class SourcesRepository extends ObjectsRepository<SourceFields> {
  constructor(database: Database) {
    super(database, sourceKind)
  }

  protected get rows(): Rows {
    return this.database.prisma.sources
  }
}

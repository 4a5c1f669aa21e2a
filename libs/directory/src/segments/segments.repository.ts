import { Injectable } from '@nestjs/common'
import { Database } from '#platform'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import type { SegmentFields } from './segments.dto.ts'
import { segmentKind } from './segments.fields.ts'

@Injectable()
export class SegmentsRepository extends ObjectsRepository<SegmentFields> {
  constructor(database: Database) {
    super(database, segmentKind)
  }

  protected get rows(): Rows {
    return this.database.prisma.segments
  }
}

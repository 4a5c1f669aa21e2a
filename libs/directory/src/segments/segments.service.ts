import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { Database } from '#platform'
import { ObjectUses } from '../uses/object-uses.ts'
import { ObjectsService } from '../objects.service.ts'
import type { CreateSegment, SegmentFields } from './segments.dto.ts'
import { SegmentsRepository } from './segments.repository.ts'

@Injectable()
export class SegmentsService extends ObjectsService<SegmentFields, CreateSegment> {
  constructor(database: Database, segments: SegmentsRepository, changes: Changes, uses: ObjectUses) {
    super(database, segments, changes, uses)
  }
}

import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { Database } from '#platform'
import { ObjectsService } from '../objects.service.ts'
import type { CreateSource, SourceFields } from './sources.dto.ts'
import { SourcesRepository } from './sources.repository.ts'

@Injectable()
export class SourcesService extends ObjectsService<SourceFields, CreateSource> {
  constructor(database: Database, sources: SourcesRepository, changes: Changes) {
    super(database, sources, changes)
  }
}

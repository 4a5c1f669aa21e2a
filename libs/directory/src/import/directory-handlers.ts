import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { SegmentsRepository } from '../segments/segments.repository.ts'
import { SourcesRepository } from '../sources/sources.repository.ts'
import { DirectoryLines } from './directory-lines.ts'
import { EntitlementLines } from './entitlement-lines.ts'
import { GroupLines } from './group-lines.ts'
import { IdentityLines } from './identity-lines.ts'
import { SegmentLine, SourceLine } from './import.dto.ts'
import { ImportTypes } from './import-types.ts'
import { References } from './references.repository.ts'

/** The directory's own types of lines. */
@Injectable()
export class DirectoryHandlers {
  constructor(
    types: ImportTypes,
    identities: IdentityLines,
    groups: GroupLines,
    sources: SourcesRepository,
    segments: SegmentsRepository,
    entitlements: EntitlementLines,
    references: References,
    changes: Changes,
  ) {
    const owner = { owner: 'owner_id' } as const
    types.register(identities)
    types.register(new DirectoryLines({ objects: sources, line: SourceLine, names: owner }, references, changes))
    types.register(groups)
    types.register(new DirectoryLines({ objects: segments, line: SegmentLine, names: owner }, references, changes))
    types.register(entitlements)
  }
}

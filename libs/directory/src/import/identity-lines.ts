import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import type { IdentityFields } from '../identities/identities.dto.ts'
import { IdentitiesRepository } from '../identities/identities.repository.ts'
import { IdentitiesService } from '../identities/identities.service.ts'
import { DirectoryLines } from './directory-lines.ts'
import type { Draft } from './drafts.ts'
import { IdentityLine } from './import.dto.ts'
import type { LineOutcome } from './import-types.ts'
import { References } from './references.repository.ts'

const circle: LineOutcome = {
  is: 'waiting',
  for: null,
  failure: {
    code: 'invalid_body',
    message: 'manager: an identity cannot be its own manager or report to one that is, directly or over others',
  },
}

@Injectable()
export class IdentityLines extends DirectoryLines<IdentityFields, IdentityLine> {
  readonly #service: IdentitiesService

  constructor(objects: IdentitiesRepository, service: IdentitiesService, references: References, changes: Changes) {
    super({ objects, line: IdentityLine, names: { manager: 'manager_id' } }, references, changes)
    this.#service = service
  }

  /** A circle may open again by a line that comes later, so its lines wait. Nobody reports to a new identity yet. */
  protected override async refused(
    drafts: readonly Draft<IdentityFields>[],
  ): Promise<ReadonlyMap<string, LineOutcome>> {
    const moved = drafts.filter(({ before, fields }) => before !== null && before.manager_id !== fields.manager_id)
    const circular = await this.#service.circular(
      moved.map(({ id, fields }) => ({ id, manager_id: fields.manager_id })),
    )
    return new Map([...circular].map((id) => [id, circle]))
  }
}

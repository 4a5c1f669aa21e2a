import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import type { IdentityFields } from '../identities/identities.dto.ts'
import { IdentitiesRepository } from '../identities/identities.repository.ts'
import { IdentitiesService } from '../identities/identities.service.ts'
import type { Reporting } from '../identities/reporting.ts'
import { DirectoryLines } from './directory-lines.ts'
import type { Draft } from './drafts.ts'
import { IdentityLine } from './import.dto.ts'
import type { LineOutcome } from './import-types.ts'
import { References } from './references.repository.ts'

/** A circle may open again by a line that comes later, that of the manager as a rule: so this one waits. */
const circle = ({ line }: Draft<IdentityFields, IdentityLine>): LineOutcome => ({
  is: 'waiting',
  for: line.manager ?? null,
  atLast: true,
  failure: {
    code: 'invalid_body',
    message: `manager: ${JSON.stringify(line.manager)} reports to this identity, directly or over others, or is it`,
  },
})

@Injectable()
export class IdentityLines extends DirectoryLines<IdentityFields, IdentityLine> {
  readonly #service: IdentitiesService

  constructor(objects: IdentitiesRepository, service: IdentitiesService, references: References, changes: Changes) {
    super({ objects, line: IdentityLine, names: { manager: 'manager_id' } }, references, changes)
    this.#service = service
  }

  protected override async refused(
    drafts: readonly Draft<IdentityFields, IdentityLine>[],
  ): Promise<ReadonlyMap<string, LineOutcome>> {
    const moved = drafts.filter(({ before, fields }) => before !== null && before.manager_id !== fields.manager_id)
    const circular = await this.#service.circular(moved.map(reporting), drafts.filter(isNew).map(reporting))
    return new Map(moved.flatMap((draft) => (circular.has(draft.id) ? [[draft.id, circle(draft)]] : [])))
  }
}

function isNew({ before }: Draft<IdentityFields, IdentityLine>): boolean {
  return before === null
}

function reporting({ id, fields }: Draft<IdentityFields, IdentityLine>): Reporting {
  return { id, manager_id: fields.manager_id }
}

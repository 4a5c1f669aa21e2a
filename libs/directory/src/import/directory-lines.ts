import { isDeepStrictEqual } from 'node:util'
import { changedFields, Changes, type Change } from '#audit'
import type { Actor } from '#kernel'
import { tables, type Fields } from '../kind.fields.ts'
import { fieldsOf } from '../object-fields.ts'
import type { ObjectsRepository } from '../objects.repository.ts'
import { Drafts, type Draft, type Names, type Stock } from './drafts.ts'
import type { NamedLine } from './import.dto.ts'
import type { ImportHandler, LineOutcome } from './import-types.ts'
import { claimNames, type NameClaims } from './name-claims.ts'
import { References } from './references.repository.ts'

interface Parts<F extends Fields, Line extends NamedLine> {
  readonly objects: ObjectsRepository<F>
  readonly line: new () => Line
  readonly names?: Names<F>
}

/** Lines that are objects of the directory. What a line does not name stays as it is; a new object has the defaults. */
export class DirectoryLines<F extends Fields, Line extends NamedLine> implements ImportHandler<Line> {
  readonly line: new () => Line
  protected readonly references: References
  protected readonly changes: Changes
  readonly #objects: ObjectsRepository<F>
  readonly #names: Names<F>

  constructor({ objects, line, names = {} }: Parts<F, Line>, references: References, changes: Changes) {
    this.#objects = objects
    this.line = line
    this.#names = names
    this.references = references
    this.changes = changes
  }

  get type() {
    return this.#objects.kind.name
  }

  key({ external_id }: Line): string {
    return external_id
  }

  async store(actor: Actor, lines: readonly Line[]): Promise<readonly LineOutcome[]> {
    const found = new Drafts(this.#objects.kind, this.#names, lines, await this.#stock(lines))
    const drafts = lines.map((line) => found.of(line))
    const whole = drafts.filter((draft) => 'fields' in draft)
    const names = await this.#claimNames(whole)
    const refused = new Map([...names.refused, ...(await this.refused(whole))])
    const outcomes = drafts.map((draft): LineOutcome => {
      if ('is' in draft) return draft
      const refusal = refused.get(draft.id)
      if (refusal) return refusal
      if (draft.before === null) return { is: 'created' }
      return { is: isDeepStrictEqual(fieldsOf(draft.before), draft.fields) ? 'unchanged' : 'updated' }
    })
    const those = (is: string): Draft<F, Line>[] =>
      drafts.flatMap((draft, index) => (outcomes[index]?.is === is && 'fields' in draft ? [draft] : []))
    if (names.passedOn.length > 0) await this.#objects.unname(names.passedOn)
    await this.#write(actor, those('created'), those('updated'))
    return outcomes
  }

  /** Drafts that cannot be stored as things stand, by id: rules that need the database. */
  protected async refused(_drafts: readonly Draft<F, Line>[]): Promise<ReadonlyMap<string, LineOutcome>> {
    return new Map()
  }

  async #claimNames(drafts: readonly Draft<F, Line>[]): Promise<NameClaims> {
    const wanted = drafts.filter(({ before, fields }) => before?.name !== fields.name)
    if (!this.#objects.kind.uniqueNames || wanted.length === 0) return { refused: new Map(), passedOn: [] }
    const holders = await this.#objects.named(wanted.map(({ fields }) => fields.name))
    const claims = drafts.map(({ line, id, before, fields }) => ({
      id,
      external_id: line.external_id,
      name: fields.name,
      before: before?.name ?? null,
    }))
    return claimNames(this.type, claims, holders)
  }

  async #stock(lines: readonly Line[]): Promise<Stock<F>> {
    const objects = await this.#objects.lockNamed(lines.map((line) => this.key(line)))
    const known = new Map(objects.map((object) => [object.external_id, object]))
    const taken = await this.references.taken(
      { name: this.type, table: tables[this.type] },
      lines.flatMap(({ id, external_id: key }) => (id === undefined || known.has(key) ? [] : [{ key, id }])),
    )
    const ids = new Map<string, ReadonlyMap<string, string>>()
    for (const [name, field] of Object.entries(this.#names)) {
      const kind = this.#objects.kind.references[field]
      if (kind === undefined) throw new Error(`${field} of ${this.type} refers to nothing`)
      ids.set(
        name,
        await this.references.resolve(
          kind,
          lines.flatMap((line) => externalId(line, name) ?? []),
        ),
      )
    }
    return { known, taken, ids }
  }

  async #write(actor: Actor, created: readonly Draft<F, Line>[], updated: readonly Draft<F, Line>[]): Promise<void> {
    const rows = (drafts: readonly Draft<F, Line>[]) => drafts.map(({ id, fields }) => ({ ...fields, id }))
    if (created.length > 0) await this.#objects.insertAll(rows(created))
    if (updated.length > 0) await this.#objects.updateAll(rows(updated))
    if (created.length + updated.length === 0) return
    const stored = new Map(
      (await this.#objects.findAll([...created, ...updated].map(({ id }) => id))).map((object) => [object.id, object]),
    )
    const change = ({ id, before, fields }: Draft<F, Line>): Change => ({
      action: `${this.type}.${before ? 'updated' : 'created'}`,
      resource: { type: this.type, id },
      data: stored.get(id) ?? fields,
      metadata: { import: true, ...(before && { fields: Object.keys(changedFields(fieldsOf(before), fields)) }) },
    })
    await this.changes.record(actor, ...[...created, ...updated].map(change))
  }
}

function externalId(line: object, name: string): string | null {
  const value: unknown = Object.entries(line).find(([field]) => field === name)?.[1]
  return typeof value === 'string' ? value : null
}

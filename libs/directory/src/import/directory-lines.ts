import { isDeepStrictEqual } from 'node:util'
import { Changes, type Change } from '#audit'
import { DomainError, newId, type Actor } from '#kernel'
import type { Fields, Stored } from '../kind.fields.ts'
import { changedFields, fieldsOf, plain } from '../object-fields.ts'
import type { ObjectsRepository } from '../objects.repository.ts'
import type { NamedLine } from './import.dto.ts'
import { failed, type ImportHandler, type LineOutcome } from './import-types.ts'
import { References } from './references.repository.ts'

/** An object as a line would have it. */
export interface Draft<F extends Fields> {
  readonly id: string
  readonly before: Stored<F> | null
  readonly fields: F
}

interface Parts<F extends Fields, Line extends NamedLine> {
  readonly objects: ObjectsRepository<F>
  readonly line: new () => Line
  /** Fields of a line with an external id → the fields with the id that it stands for. */
  readonly names?: Readonly<Record<string, keyof F & string>>
}

/** Lines that are objects of the directory. What a line does not name stays as it is; a new object has the defaults. */
export class DirectoryLines<F extends Fields, Line extends NamedLine> implements ImportHandler<Line> {
  readonly line: new () => Line
  protected readonly references: References
  protected readonly changes: Changes
  readonly #objects: ObjectsRepository<F>
  readonly #names: readonly (readonly [string, keyof F & string])[]

  constructor({ objects, line, names = {} }: Parts<F, Line>, references: References, changes: Changes) {
    this.#objects = objects
    this.line = line
    this.#names = Object.entries(names)
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
    const known = new Map((await this.#objects.lockNamed(lines.map((line) => this.key(line)))).map((object) => [object.external_id, object]))
    const ids = await this.#resolve(lines)
    const taken = await this.#objects.taken(lines.flatMap(({ id, external_id }) => (id === undefined || known.has(external_id) ? [] : [id])))
    const drafts = lines.map((line) => this.#draft(line, known.get(line.external_id) ?? null, ids, taken))
    const refused = await this.refused(drafts.filter((draft) => 'fields' in draft))
    const outcomes = drafts.map((draft): LineOutcome => {
      if ('is' in draft) return draft
      const refusal = refused.get(draft.id)
      if (refusal) return refusal
      if (draft.before === null) return { is: 'created' }
      return { is: isDeepStrictEqual(fieldsOf(draft.before), draft.fields) ? 'unchanged' : 'updated' }
    })
    const those = (is: string): Draft<F>[] => drafts.flatMap((draft, index) => (outcomes[index]?.is === is && 'fields' in draft ? [draft] : []))
    await this.#write(actor, those('created'), those('updated'))
    return outcomes
  }

  /** Drafts that cannot be stored as things stand, by id: rules that need the database. */
  protected async refused(_drafts: readonly Draft<F>[]): Promise<ReadonlyMap<string, LineOutcome>> {
    return new Map()
  }

  async #resolve(lines: readonly Line[]): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
    const resolved = new Map<string, ReadonlyMap<string, string>>()
    for (const [name, field] of this.#names) {
      const kind = this.#objects.kind.references[field]
      if (kind === undefined) throw new Error(`${field} of ${this.type} refers to nothing`)
      resolved.set(name, await this.references.resolve(kind, lines.flatMap((line) => externalId(line, name) ?? [])))
    }
    return resolved
  }

  #draft(
    line: Line,
    before: Stored<F> | null,
    resolved: ReadonlyMap<string, ReadonlyMap<string, string>>,
    taken: ReadonlySet<string>,
  ): Draft<F> | LineOutcome {
    const { id: given, ...named } = plain(line) as Record<string, unknown> & { id?: string }
    if (given !== undefined && before !== null && before.id !== given) {
      return failed('already_exists', `id: the ${this.type} with this external_id has the id ${before.id}`)
    }
    if (given !== undefined && taken.has(given)) return failed('already_exists', `id: another ${this.type} has the id ${given}`)
    for (const [name, field] of this.#names) {
      if (!(name in named)) continue
      const wanted = named[name]
      delete named[name]
      const id = typeof wanted === 'string' ? resolved.get(name)?.get(wanted) : null
      if (id === undefined) return this.#unresolved(name, field, wanted as string)
      named[field] = id
    }
    const fields = { ...(before ? fieldsOf(before) : this.#objects.kind.defaults), ...named } as unknown as F
    try {
      this.#objects.kind.check(fields)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return failed(error.code, error.message)
    }
    return { id: before?.id ?? given ?? newId(), before, fields }
  }

  #unresolved(name: string, field: keyof F & string, externalId: string): LineOutcome {
    const kind = this.#objects.kind.references[field]
    const failure = { code: 'invalid_body' as const, message: `${name}: no ${kind} has the external id ${JSON.stringify(externalId)}` }
    if (kind !== this.type) return { is: 'failed', failure }
    return { is: 'waiting', for: externalId, failure: { ...failure, message: `${failure.message}, or it waits for this one in turn` } }
  }

  async #write(actor: Actor, created: readonly Draft<F>[], updated: readonly Draft<F>[]): Promise<void> {
    const rows = (drafts: readonly Draft<F>[]) => drafts.map(({ id, fields }) => ({ ...fields, id }))
    if (created.length > 0) await this.#objects.insertAll(rows(created))
    if (updated.length > 0) await this.#objects.updateAll(rows(updated))
    if (created.length + updated.length === 0) return
    const stored = new Map((await this.#objects.findAll([...created, ...updated].map(({ id }) => id))).map((object) => [object.id, object]))
    const change = ({ id, before, fields }: Draft<F>): Change => ({
      action: `${this.type}.${before ? 'updated' : 'created'}`,
      resource: { type: this.type, id },
      data: stored.get(id) ?? fields,
      metadata: { import: true, ...(before && { fields: changedFields(fieldsOf(before), fields) }) },
    })
    await this.changes.record(actor, ...[...created, ...updated].map(change))
  }
}

function externalId(line: object, name: string): string | null {
  const value: unknown = Object.entries(line).find(([field]) => field === name)?.[1]
  return typeof value === 'string' ? value : null
}

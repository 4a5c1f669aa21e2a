import { plain } from '#audit'
import { DomainError, newId } from '#kernel'
import type { Fields, Kind, Stored } from '../kind.fields.ts'
import { fieldsOf } from '../object-fields.ts'
import type { NamedLine } from './import.dto.ts'
import { failed, type LineOutcome } from './import-types.ts'

/** Fields of a line with an external id → the fields of the object with the id that it stands for. */
export type Names<F extends Fields> = Readonly<Record<string, keyof F & string>>

/** What the database has of what the lines speak of. */
export interface Stock<F extends Fields> {
  /** By external id. */
  readonly known: ReadonlyMap<string | null, Stored<F>>
  /** New objects, by external id, that cannot have the ids that they want. */
  readonly taken: ReadonlyMap<string, LineOutcome>
  /** For each field with an external id: external id → id. */
  readonly ids: ReadonlyMap<string, ReadonlyMap<string, string>>
}

/** An object as a line would have it. */
export interface Draft<F extends Fields, Line extends NamedLine> {
  readonly line: Line
  readonly id: string
  readonly before: Stored<F> | null
  readonly fields: F
}

/** The lines of a batch as objects. A line may refer to another one of the batch, which is stored together with it. */
export class Drafts<F extends Fields, Line extends NamedLine> {
  readonly #kind: Kind<F>
  readonly #names: Names<F>
  readonly #stock: Stock<F>
  readonly #lines: ReadonlyMap<string, Line>
  readonly #found = new Map<string, Draft<F, Line> | LineOutcome>()
  readonly #begun = new Set<string>()

  constructor(kind: Kind<F>, names: Names<F>, lines: readonly Line[], stock: Stock<F>) {
    this.#kind = kind
    this.#names = names
    this.#stock = stock
    this.#lines = new Map(lines.map((line) => [line.external_id, line]))
  }

  /** The object, or why there is none. */
  of(line: Line): Draft<F, Line> | LineOutcome {
    const found = this.#found.get(line.external_id)
    if (found) return found
    this.#begun.add(line.external_id)
    const draft = this.#draft(line)
    this.#found.set(line.external_id, draft)
    return draft
  }

  #draft(line: Line): Draft<F, Line> | LineOutcome {
    const { id: given, ...named } = plain(line) as Record<string, unknown> & { id?: string }
    const before = this.#stock.known.get(line.external_id) ?? null
    if (given !== undefined && before !== null && before.id !== given) {
      return failed('already_exists', `id: the ${this.#kind.name} with this external_id has the id ${before.id}`)
    }
    const taken = this.#stock.taken.get(line.external_id)
    if (taken) return taken
    for (const [name, field] of Object.entries(this.#names)) {
      if (!(name in named)) continue
      const externalId = named[name]
      delete named[name]
      const id = typeof externalId === 'string' ? this.#resolve(name, field, externalId) : null
      if (typeof id === 'object' && id !== null) return id
      named[field] = id
    }
    const fields = { ...(before ? fieldsOf(before) : this.#kind.defaults), ...named } as unknown as F
    return this.#wrong(fields) ?? { line, id: before?.id ?? given ?? newId(), before, fields }
  }

  #resolve(name: string, field: keyof F & string, externalId: string): string | LineOutcome {
    const id = this.#stock.ids.get(name)?.get(externalId)
    if (id !== undefined) return id
    const kind = this.#kind.references[field]
    const failure = {
      code: 'invalid_body' as const,
      message: `${name}: no ${kind} has the external id ${JSON.stringify(externalId)}`,
    }
    if (kind !== this.#kind.name) return { is: 'failed', failure }
    const line = this.#begun.has(externalId) ? undefined : this.#lines.get(externalId)
    const other = line ? this.of(line) : this.#found.get(externalId)
    if (other && 'fields' in other) return other.id
    return {
      is: 'waiting',
      for: externalId,
      failure: { ...failure, message: `${failure.message}, or it waits for this one in turn` },
    }
  }

  #wrong(fields: F): LineOutcome | null {
    try {
      this.#kind.check(fields)
      return null
    } catch (error) {
      if (error instanceof DomainError) return failed(error.code, error.message)
      throw error
    }
  }
}

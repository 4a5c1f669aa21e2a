import { Changes } from '#audit'
import { newId, notFound, type Actor } from '#kernel'
import { Database, type JsonText, type PageQuery, type Precondition } from '#platform'
import type { Fields, Stored } from './kind.fields.ts'
import { changedFields, fieldError, fieldsOf, plain } from './object-fields.ts'
import type { ObjectsRepository } from './objects.repository.ts'

/** Create, read, change and delete: the same for every kind of object of the directory. */
export abstract class ObjectsService<F extends Fields, Input extends object> {
  protected readonly database: Database
  protected readonly changes: Changes
  readonly #objects: ObjectsRepository<F>

  constructor(database: Database, objects: ObjectsRepository<F>, changes: Changes) {
    this.database = database
    this.#objects = objects
    this.changes = changes
  }

  /** What the query names beside the page are columns and the values they have. */
  list(_actor: Actor, { limit, cursor, ...filters }: PageQuery): Promise<JsonText> {
    return this.#objects.list(filters, { limit, cursor })
  }

  async get(_actor: Actor, id: string): Promise<Stored<F>> {
    return this.#present(id, await this.#objects.find(id))
  }

  create(actor: Actor, input: Input): Promise<Stored<F>> {
    return this.database.transaction(async () => {
      const fields = plain({ ...this.#objects.kind.defaults, ...input }) as F
      await this.#check(fields, null)
      const id = newId()
      await this.#objects.insert(id, fields)
      const object = await this.get(actor, id)
      await this.#record(actor, 'created', object)
      return object
    })
  }

  /** Merges: what the patch does not name stays. A patch that changes nothing writes nothing. */
  update(actor: Actor, id: string, patch: Partial<Input>, precondition: Precondition): Promise<Stored<F>> {
    return this.database.transaction(async () => {
      const before = this.#present(id, await this.#objects.lock(id))
      precondition.check(before.version)
      const after = { ...before, ...(plain(patch) as Partial<F>) }
      const changed = changedFields(before, after)
      if (changed.length === 0) return before
      await this.#check(after, before)
      await this.#objects.update(id, fieldsOf(before), fieldsOf(after))
      const object = await this.get(actor, id)
      await this.#record(actor, 'updated', object, { fields: changed })
      return object
    })
  }

  remove(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return this.database.transaction(async () => {
      const object = this.#present(id, await this.#objects.lock(id))
      precondition.check(object.version)
      await this.#objects.remove(id)
      await this.#record(actor, 'deleted', object)
    })
  }

  /** Rules that need the database, for the object as it is about to be stored. `before` is null for a new one. */
  protected async checkStored(_after: F, _before: Stored<F> | null): Promise<void> {}

  async #check(after: F, before: Stored<F> | null): Promise<void> {
    const { check, references } = this.#objects.kind
    check(after)
    for (const field of Object.keys(references) as (keyof F & string)[]) {
      const id = after[field]
      const kind = references[field]
      if (kind === undefined || typeof id !== 'string' || (before !== null && before[field] === id)) continue
      if (!(await this.#objects.hold(kind, id))) throw fieldError(field, `${field}: no ${kind} has the id ${id}`)
    }
    await this.checkStored(after, before)
  }

  #present(id: string, object: Stored<F> | null): Stored<F> {
    if (object === null) throw notFound(this.#objects.kind.name, id)
    return object
  }

  async #record(
    actor: Actor,
    verb: 'created' | 'updated' | 'deleted',
    data: Stored<F>,
    metadata?: object,
  ): Promise<void> {
    const { name } = this.#objects.kind
    await this.changes.record(actor, {
      action: `${name}.${verb}`,
      resource: { type: name, id: data.id },
      data,
      ...(metadata && { metadata }),
    })
  }
}

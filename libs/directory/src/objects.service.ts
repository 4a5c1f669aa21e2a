import { changedFields, Changes, plain } from '#audit'
import { newId, notFound, type Actor } from '#kernel'
import {
  Database,
  type JsonText,
  type OffsetPage,
  type OffsetRequest,
  type ListQuery,
  type PageRequest,
  type PageText,
  type Precondition,
  type Projection,
} from '#platform'
import type { Fields, Stored } from './kind.fields.ts'
import { fieldError, fieldsOf } from './object-fields.ts'
import type { ObjectsRepository } from './objects.repository.ts'
import { subAdministrator } from './sub-administrators.ts'
import { ObjectUses } from './uses/object-uses.ts'

/**
 * What is to change, or a function that makes it of the object as a client sees it, and as it is stored, while nobody else
 * changes it.
 */
export type ObjectChange<Input, Seen, Before> = Partial<Input> | ((seen: Seen, before: Before) => Partial<Input>)

/**
 * Create, read, change and delete: the same for every kind of object of the directory. A `view` is the projection in which
 * an object is answered: the domain object by default, a dialect's own shape otherwise.
 */
export abstract class ObjectsService<F extends Fields, Input extends object> {
  protected readonly database: Database
  protected readonly changes: Changes
  readonly #objects: ObjectsRepository<F>
  readonly #uses: ObjectUses

  constructor(database: Database, objects: ObjectsRepository<F>, changes: Changes, uses: ObjectUses) {
    this.database = database
    this.#objects = objects
    this.changes = changes
    this.#uses = uses
  }

  /** What the query names beside the page, the filter and the order are columns and the values they have. */
  list(_actor: Actor, { limit, cursor, filter, sort, ...exact }: ListQuery): Promise<JsonText> {
    return this.#objects.list(exact, { limit, cursor, filter, sort })
  }

  /** A page in another view, newest first. */
  listAs(_actor: Actor, page: PageRequest, view: Projection): Promise<PageText> {
    return this.#objects.listAs(view, page)
  }

  /** The same for a client that counts: oldest first, in the view. */
  listByOffset(actor: Actor, page: OffsetRequest, view: Projection): Promise<OffsetPage> {
    return this.#objects.listByOffset(view, page, subAdministrator(actor))
  }

  async get<T = Stored<F>>(actor: Actor, id: string, view: Projection = this.#native): Promise<T> {
    return this.#present(id, await this.#objects.find<T>(id, subAdministrator(actor), view))
  }

  create<T = Stored<F>>(actor: Actor, input: Input, view: Projection = this.#native): Promise<T> {
    return this.database.transaction(async () => {
      const fields = plain<object>({ ...this.#objects.kind.defaults, ...input }) as F
      await this.#check(actor, fields, null)
      const id = newId()
      await this.#objects.insert(id, fields)
      const object = await this.#seen<Stored<F>>(id, this.#native)
      const answer = view === this.#native ? (object as T) : await this.#seen<T>(id, view)
      await this.#record(actor, 'created', object)
      return answer
    })
  }

  /** Merges: what the patch does not name stays. A patch that changes nothing writes nothing. */
  update<T = Stored<F>>(
    actor: Actor,
    id: string,
    change: ObjectChange<Input, T, Stored<F>>,
    precondition: Precondition,
    view: Projection = this.#native,
  ): Promise<T> {
    return this.database.transaction(async () => {
      const before = this.#present<Stored<F>>(id, await this.#objects.lock(id, subAdministrator(actor)))
      precondition.check(before.version)
      const patch = typeof change === 'function' ? change(await this.#seen<T>(id, view), before) : change
      const after = { ...before, ...(plain(patch) as Partial<F>) }
      const changed = Object.keys(changedFields(before, after))
      if (changed.length === 0) return this.#seen<T>(id, view)
      await this.#check(actor, after, before)
      await this.#objects.update(id, fieldsOf(before), fieldsOf(after))
      const object = await this.#seen<Stored<F>>(id, this.#native)
      const answer = view === this.#native ? (object as T) : await this.#seen<T>(id, view)
      await this.#record(actor, 'updated', object, { fields: changed })
      return answer
    })
  }

  remove(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return this.database.transaction(async () => {
      const object = this.#present<Stored<F>>(id, await this.#objects.lock(id, subAdministrator(actor)))
      precondition.check(object.version)
      await this.#uses.refuse(this.#objects.kind.name, id)
      await this.#objects.remove(id)
      await this.#record(actor, 'deleted', object)
    })
  }

  /** Rules that need the database, for the object as it is about to be stored. `before` is null for a new one. */
  protected async checkStored(_actor: Actor, _after: F, _before: Stored<F> | null): Promise<void> {}

  get #native(): Projection {
    return this.#objects.kind.projection
  }

  async #seen<T>(id: string, view: Projection): Promise<T> {
    return this.#present(id, await this.#objects.find<T>(id, null, view))
  }

  async #check(actor: Actor, after: F, before: Stored<F> | null): Promise<void> {
    const { check, references } = this.#objects.kind
    check(after)
    for (const field of Object.keys(references) as (keyof F & string)[]) {
      const id = after[field]
      const kind = references[field]
      if (kind === undefined || typeof id !== 'string' || (before !== null && before[field] === id)) continue
      if (!(await this.#objects.hold(kind, id)))
        throw fieldError(field, `${field}: no ${kind} has the id ${id}`, 'not_found')
    }
    await this.checkStored(actor, after, before)
  }

  #present<T>(id: string, object: T | null): T {
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

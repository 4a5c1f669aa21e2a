import { Injectable } from '@nestjs/common'
import { changedFields, Changes, plain } from '#audit'
import { DomainError, newId, notFound, type Actor } from '#kernel'
import { Database, type PageText, type PageRequest, type Precondition, type Projection } from '#platform'
import {
  typeDefaults,
  type AccessProfileType,
  type AccessProfileTypeFields,
  type CreateAccessProfileType,
  type UpdateAccessProfileType,
} from './access-profile-types.dto.ts'
import { typeProjection } from './access-profile-types.fields.ts'
import { AccessProfileTypesRepository } from './access-profile-types.repository.ts'
import { contradictions, violated } from './type-rules.ts'

/** The kinds of access profiles. A `view` is the projection in which a type is answered. */
@Injectable()
export class AccessProfileTypesService {
  readonly #database: Database
  readonly #types: AccessProfileTypesRepository
  readonly #changes: Changes

  constructor(database: Database, types: AccessProfileTypesRepository, changes: Changes) {
    this.#database = database
    this.#types = types
    this.#changes = changes
  }

  list(_actor: Actor, { limit, cursor, filter, sort }: PageRequest, view = typeProjection): Promise<PageText> {
    return this.#types.list({ limit, cursor, filter, sort }, view)
  }

  async get<T = AccessProfileType>(_actor: Actor, id: string, view: Projection = typeProjection): Promise<T> {
    const type = await this.#types.find<T>(id, view)
    if (type === null) throw notFound('access_profile_type', id)
    return type
  }

  create<T = AccessProfileType>(actor: Actor, input: CreateAccessProfileType, view = typeProjection): Promise<T> {
    return this.#database.transaction(async () => {
      const fields = plain({ ...typeDefaults, ...input })
      await this.#check(fields, null)
      const id = newId()
      await this.#types.insert(id, fields, actor.id)
      await this.#record(actor, 'created', await this.get(actor, id))
      return this.get<T>(actor, id, view)
    })
  }

  /** Merges. What stands already stands: the new rules hold for what profiles of the type give from then on. */
  update<T = AccessProfileType>(
    actor: Actor,
    id: string,
    patch: UpdateAccessProfileType,
    precondition: Precondition,
    view = typeProjection,
  ): Promise<T> {
    return this.#database.transaction(async () => {
      const before = await this.#lock(id, precondition)
      const changed = changedFields(before, plain(patch))
      const fields = Object.keys(changed)
      if (fields.length > 0) {
        const after = fieldsOf({ ...before, ...changed })
        await this.#check(after, id)
        await this.#types.update(id, after)
        await this.#record(actor, 'updated', await this.get(actor, id), { fields })
      }
      return this.get<T>(actor, id, view)
    })
  }

  /** @throws DomainError `in_use` while there are profiles of the type, or types whose profiles inherit from such ones */
  remove(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return this.#database.transaction(async () => {
      const type = await this.#lock(id, precondition)
      const heirs = await this.#types.heirs(id)
      if (heirs.length > 0)
        throw new DomainError(
          'in_use',
          `The types ${heirs.join(', ')} let their profiles inherit from those of this type`,
        )
      await this.#types.remove(id)
      await this.#record(actor, 'deleted', type)
    })
  }

  async #lock(id: string, precondition: Precondition): Promise<AccessProfileType> {
    const type = await this.#types.lock(id)
    if (type === null) throw notFound('access_profile_type', id)
    precondition.check(type.version)
    if (type.built_in) throw new DomainError('invalid_state', `The type ${JSON.stringify(type.name)} is built in`)
    return type
  }

  async #check(fields: AccessProfileTypeFields, id: string | null): Promise<void> {
    const wrong = contradictions(fields)
    if (wrong.length > 0) throw violated(wrong)
    const named = fields.allow_inherited_from_types.filter((each) => each !== id)
    const missing = named.length === 0 ? [] : await this.#types.missing(named)
    if (missing.length > 0) {
      const message = `allow_inherited_from_types: no access profile type has the id ${missing.slice(0, 5).join(', ')}`
      throw violated([{ field: 'allow_inherited_from_types', message }])
    }
  }

  async #record(actor: Actor, verb: string, type: AccessProfileType, metadata?: object): Promise<void> {
    await this.#changes.record(actor, {
      action: `access_profile_type.${verb}`,
      resource: { type: 'access_profile_type', id: type.id },
      data: type,
      ...(metadata && { metadata }),
    })
  }
}

function fieldsOf(type: AccessProfileType): AccessProfileTypeFields {
  const { id: _, version: _v, created_at: _c, updated_at: _u, built_in: _b, created_by: _by, ...fields } = type
  return fields
}

import { Injectable, type PipeTransform } from '@nestjs/common'
import { EntitlementsService, type NamedEntitlement } from '#directory'
import { DomainError } from '#kernel'
import { currentContext, type FieldError } from '#platform'
import type { Entity, VersionContents } from './profiles.dto.ts'

const field = 'entities_to_create_relationships_to'

/** An entity whose entitlement is known. */
export interface KnownEntity extends Entity {
  readonly entitlement: NamedEntitlement
}

/** A body whose entities are known. */
export type Known<Body extends VersionContents> = Omit<Body, typeof field> & {
  readonly [field]?: readonly KnownEntity[]
}

/**
 * Finds the entitlements that the entities of a body name. Entitlements come from their systems, by import: an entity that
 * is none of them is refused, not made. @throws DomainError `invalid_body` naming each that is unknown or ambiguous
 */
@Injectable()
export class EntitiesPipe implements PipeTransform {
  readonly #entitlements: EntitlementsService

  constructor(entitlements: EntitlementsService) {
    this.#entitlements = entitlements
  }

  async transform<Body extends VersionContents>(body: Body): Promise<Known<Body>> {
    const { [field]: entities, ...rest } = body
    if (entities === undefined) return rest
    const { actor } = currentContext() ?? {}
    if (!actor) throw new DomainError('unauthenticated')
    const names = entities.map(({ datasource_id, entity_id }) => ({ source: datasource_id, entitlement: entity_id }))
    const found = await this.#entitlements.named(actor, names)
    const wrong: FieldError[] = []
    const known: KnownEntity[] = []
    for (const [index, entity] of entities.entries()) {
      const [entitlement, ...others] = found[index] ?? []
      if (entitlement && others.length === 0) known.push({ ...entity, entitlement })
      else wrong.push(problem(entity, entitlement ? others.length + 1 : 0, index))
    }
    if (wrong.length > 0) {
      throw new DomainError('invalid_body', wrong.map(({ message }) => message).join('; '), { fields: wrong })
    }
    return { ...rest, [field]: known }
  }
}

function problem({ datasource_id, entity_id }: Entity, found: number, index: number): FieldError {
  const at = `${field}.${index}.entity_id`
  const [entity, datasource] = [JSON.stringify(entity_id), JSON.stringify(datasource_id)]
  if (found === 0) {
    const message = `${at}: no entitlement ${entity} is known of the datasource ${datasource}`
    return { field: at, message, reason: 'not_found' }
  }
  const message = `${at}: ${found} entitlements of the datasource ${datasource} have the value ${entity}; name one by its id`
  return { field: at, message }
}

import { Injectable } from '@nestjs/common'
import type { Contents } from '../contents.ts'
import type { AccessProfileType } from './access-profile-types.dto.ts'
import { AccessProfileTypesRepository } from './access-profile-types.repository.ts'
import { beginning, prefixedName, violated, violations, type Beginning } from './type-rules.ts'

const longestName = 256

/** A profile that is about to give something, as far as its type is concerned. */
export interface TypedProfile {
  /** null: of no type, so that no rule holds. */
  readonly type_id: string | null
  readonly access_request_policy_id: string | null
}

/** The rules of types, for the profiles of them; inside the transaction of a change. */
@Injectable()
export class ProfileTypes {
  readonly #types: AccessProfileTypesRepository

  constructor(types: AccessProfileTypesRepository) {
    this.#types = types
  }

  /** How a new profile begins. @throws DomainError `invalid_body` when it was asked to begin otherwise, or there is no such type */
  async beginning(typeId: string | null, asked: Beginning): Promise<Beginning> {
    return typeId === null ? asked : beginning(await this.#find(typeId), asked)
  }

  /** That a profile may give these contents. @throws DomainError `invalid_body` naming every rule that they break */
  async check({ type_id, access_request_policy_id }: TypedProfile, contents: Contents): Promise<void> {
    if (type_id === null) return
    const given = await this.#types.summary(idsOf(contents), contents.inherits)
    const { application_datasource_id } = contents
    const found = violations(await this.#find(type_id), {
      ...given,
      own: contents.entitlements.length,
      application_datasource_id,
      access_request_policy_id,
    })
    if (found.length > 0) throw violated(found)
  }

  /** The name that a profile has with these contents. */
  async named(typeId: string | null, name: string, contents: Contents): Promise<string> {
    if (typeId === null) return name
    const type = await this.#find(typeId)
    if (!type.add_integration_prefix_to_access_profile_names) return name
    const { integrations } = await this.#types.summary(idsOf(contents), contents.inherits)
    const prefixed = prefixedName(type, name, integrations)
    if (prefixed.length > longestName)
      throw violated([
        {
          field: 'name',
          message: `name: with ${integrations[0] ?? ''} before it, it is longer than ${longestName} characters`,
        },
      ])
    return prefixed
  }

  /** The types that put an integration before the names of their profiles. */
  async prefixing(): Promise<ReadonlySet<string>> {
    return new Set(await this.#types.prefixing())
  }

  async #find(id: string): Promise<AccessProfileType> {
    const type = await this.#types.find(id)
    if (type === null)
      throw violated([{ field: 'type_id', message: `type_id: no access profile type has the id ${id}` }])
    return type
  }
}

function idsOf({ entitlements }: Contents): string[] {
  return entitlements.map(({ entitlement_id }) => entitlement_id)
}

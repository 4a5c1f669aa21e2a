import { Injectable } from '@nestjs/common'
import { noContents, type Contents } from '../contents.ts'
import type { AccessProfileType } from './access-profile-types.dto.ts'
import { AccessProfileTypesRepository } from './access-profile-types.repository.ts'
import { beginning, prefixedName, violated, violations, type Beginning } from './type-rules.ts'

const longestName = 256

/** A profile that is about to have these contents. */
interface Receiving {
  /** null: of no type, so that no rule holds. */
  readonly type_id: string | null
  readonly contents: Contents
}

export interface TypedProfile extends Receiving {
  readonly access_request_policy_id: string | null
}

export interface NamedProfile extends Receiving {
  readonly name: string
  /** What it gave when it got its name. */
  readonly before?: Contents
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
    return typeId === null ? asked : beginning((await this.#types.find(typeId)) ?? unknownType(typeId), asked)
  }

  /** That profiles may give their contents. @throws DomainError `invalid_body` naming every rule that one of them breaks */
  async check(profiles: readonly TypedProfile[]): Promise<void> {
    const typed = await this.#types.withGiven(await this.#typed(profiles))
    for (const { type, contents, access_request_policy_id, given } of typed) {
      const { application_datasource_id, entitlements } = contents
      const found = violations(type, {
        ...given,
        own: entitlements.length,
        application_datasource_id,
        access_request_policy_id,
      })
      if (found.length > 0) throw violated(found)
    }
  }

  /** The name that a profile has with its contents. */
  async name(profile: NamedProfile): Promise<string> {
    const [{ name } = profile] = await this.named([profile])
    return name
  }

  /** The profiles with the names that they have with their contents, in the same order. */
  async named<T extends NamedProfile>(profiles: readonly T[]): Promise<T[]> {
    const typed = await this.#typed(profiles.map((profile) => ({ ...profile, profile })))
    const prefixed = await this.#types.withGiven(
      typed.filter(({ type }) => type.add_integration_prefix_to_access_profile_names),
    )
    const former = await this.#types.withGiven(prefixed.map(({ before = noContents }) => ({ contents: before })))
    const names = new Map(
      prefixed.map(({ profile, type, given: { integrations } }, n) => [
        profile,
        short(prefixedName(type, profile.name, integrations, former[n]?.given.integrations), integrations),
      ]),
    )
    return profiles.map((profile) => ({ ...profile, name: names.get(profile) ?? profile.name }))
  }

  /** The types that put an integration before the names of their profiles. */
  async prefixing(): Promise<ReadonlySet<string>> {
    return new Set(await this.#types.prefixing())
  }

  /** Those that have a type, with it. */
  async #typed<T extends Receiving>(profiles: readonly T[]): Promise<(T & { readonly type: AccessProfileType })[]> {
    const types = await this.#types.findAll([...new Set(profiles.flatMap(({ type_id }) => type_id ?? []))])
    return profiles.flatMap((profile) =>
      profile.type_id === null
        ? []
        : [{ ...profile, type: types.get(profile.type_id) ?? unknownType(profile.type_id) }],
    )
  }
}

function unknownType(id: string): never {
  throw violated([{ field: 'type_id', message: `type_id: no access profile type has the id ${id}` }])
}

function short(name: string, [integration = '']: readonly string[]): string {
  if (name.length <= longestName) return name
  const message = `name: with ${integration} before it, it is longer than ${longestName} characters`
  throw violated([{ field: 'name', message }])
}

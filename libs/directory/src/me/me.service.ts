import { Injectable } from '@nestjs/common'
import { may, notFound, permissions, type Actor, type Scope } from '#kernel'
import type { PermissionsView, SignedInProfileView } from './me.dto.ts'
import { MeRepository } from './me.repository.ts'

/** Who am I, and what may I do. */
@Injectable()
export class MeService {
  readonly #repository: MeRepository

  constructor(repository: MeRepository) {
    this.#repository = repository
  }

  async profile(actor: Actor): Promise<SignedInProfileView> {
    const id = actor.identityId ?? ''
    const profile = await this.#repository.profile(id)
    if (profile === null) throw notFound('identity', id)
    return { ...profile, scopes: [...actor.scopes] }
  }

  permissions(actor: Actor): PermissionsView {
    const data = Object.entries(permissions).map(([resource, actions]) => ({
      resource,
      scopes: Object.entries(actions).map(([action, description]) => {
        const scope = `${resource}:${action}` as Scope
        return { scope, description, held: may(actor, scope) }
      }),
    }))
    return { data }
  }
}

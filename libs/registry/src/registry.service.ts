import { Injectable } from '@nestjs/common'
import { decodeCursor, DomainError, encodeCursor, invalidCursor, type Actor } from '#kernel'
import { activeProfile } from './profiles.ts'
import type { ProfilePage, ProfileQuery } from './profiles.dto.ts'
import { RegistryRepository } from './registry.repository.ts'

@Injectable()
export class RegistryService {
  readonly #registry: RegistryRepository

  constructor(registry: RegistryRepository) {
    this.#registry = registry
  }

  async profiles(actor: Actor, { limit, page_token, status }: ProfileQuery): Promise<ProfilePage> {
    if (actor.identityId === null) throw new DomainError('forbidden', 'The credential stands for no person')
    const binding = [actor.tenantId, 'registry/profiles', actor.identityId, status]
    const after = page_token ? decodeCursor(binding, page_token, 'page_token') : null
    if (after !== null && after.length !== 2) throw invalidCursor('page_token')
    // Nothing is available before policies and access profiles stand.
    const held = status === 'available' ? [] : await this.#registry.held(actor.identityId, limit + 1, after)
    const page = held.slice(0, limit)
    const last = page.at(-1)
    return {
      profiles: page.flatMap((each) => activeProfile(each) ?? []),
      next_page_token: held.length > limit && last ? encodeCursor(binding, [last.account_id, last.role_name]) : '',
    }
  }
}

import { Injectable } from '@nestjs/common'
import { bindingOf, decodeCursor, DomainError, encodeCursor, invalidCursor, type Actor } from '#kernel'
import { Permissions } from '#policy'
import { profileOf, type HeldAccess } from './profiles.ts'
import type { ProfilePage, ProfileQuery, ProfileView } from './profiles.dto.ts'
import { RegistryRepository } from './registry.repository.ts'

/** How much of what is offered is put to the policies at once; a page that needs more asks again. */
const portion = 250

type Standing = Pick<ProfileView, 'status' | 'approval_mode'>

/** What stands at one account and permission set. */
interface Place {
  readonly access: HeldAccess
  readonly standing: Standing
  /** Of the rules that permit to ask for it. */
  readonly notices: readonly string[]
}

@Injectable()
export class RegistryService {
  readonly #registry: RegistryRepository
  readonly #permissions: Permissions

  constructor(registry: RegistryRepository, permissions: Permissions) {
    this.#registry = registry
    this.#permissions = permissions
  }

  async profiles(actor: Actor, { limit, page_token, status }: ProfileQuery): Promise<ProfilePage> {
    const { identityId } = actor
    if (identityId === null) throw new DomainError('forbidden', 'The credential stands for no person')
    const binding = bindingOf([actor.tenantId, 'registry/profiles', identityId, status])
    const after = page_token ? decodeCursor(binding, page_token, 'page_token') : null
    if (after !== null && after.length !== 2) throw invalidCursor('page_token')
    const held = status === 'available' ? [] : await this.#held(identityId, limit + 1, after)
    const offered = status === 'active' ? [] : await this.#available(actor, identityId, limit + 1, after)
    const places = [...held, ...offered].toSorted(inOrder)
    const page = places.slice(0, limit)
    const last = page.at(-1)
    const notices = [...new Set(page.flatMap((place) => place.notices))]
    return {
      profiles: page.flatMap(({ access, standing }) => profileOf(access, standing) ?? []),
      ...(notices.length > 0 && { notices }),
      next_page_token: places.length > limit && last ? encodeCursor(binding, keysOf(last.access)) : '',
    }
  }

  async #held(identityId: string, limit: number, after: readonly string[] | null): Promise<Place[]> {
    const held = await this.#registry.held(identityId, limit, after)
    return held.map((access) => ({ access, standing: { status: 'active' }, notices: [] }))
  }

  /** The first `limit` places that the person may ask for. */
  async #available(actor: Actor, identityId: string, limit: number, after: readonly string[] | null): Promise<Place[]> {
    const found: Place[] = []
    const most = Math.max(limit, portion)
    for (let end = after; found.length < limit;) {
      const offered = await this.#registry.offered(identityId, most, end)
      const asked = offered.flatMap(({ entitlement_ids }) => entitlement_ids)
      const [may, auto] = await this.#permissions.permitted(actor, ['request_access', 'auto_approve'], asked)
      for (const { entitlement_ids, ...access } of offered) {
        if (!entitlement_ids.some((id) => may.has(id))) continue
        const approval_mode = entitlement_ids.some((id) => auto.has(id)) ? 'auto' : 'require'
        const notices = entitlement_ids.flatMap((id) => [...(may.get(id) ?? []), ...(auto.get(id) ?? [])])
        found.push({ access, standing: { status: 'available', approval_mode }, notices })
      }
      const last = offered.at(-1)
      if (!last || offered.length < most) break
      end = keysOf(last)
    }
    return found.slice(0, limit)
  }
}

function keysOf({ account_id, role_name }: HeldAccess): string[] {
  return [account_id, role_name]
}

/** The order of the database: accounts are digits, and a role is compared there as it is here. */
function inOrder(a: Place, b: Place): number {
  const [left, right] = [keysOf(a.access).join(' '), keysOf(b.access).join(' ')]
  return left < right ? -1 : left > right ? 1 : 0
}

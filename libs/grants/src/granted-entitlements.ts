import { Injectable, type OnModuleInit } from '@nestjs/common'
import { HeldEntitlements } from '#directory'
import { GrantsRepository } from './grants.repository.ts'

/** Names the entitlements that open grants keep from giving other access. */
@Injectable()
export class GrantedEntitlements implements OnModuleInit {
  readonly #held: HeldEntitlements
  readonly #grants: GrantsRepository

  constructor(held: HeldEntitlements, grants: GrantsRepository) {
    this.#held = held
    this.#grants = grants
  }

  onModuleInit(): void {
    this.#held.register((ids) => this.#grants.openAmong(ids))
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common'
import { ObjectUses } from '#directory'
import { ProfileUsesRepository } from './profile-uses.repository.ts'

/** Names the profiles that keep an object of the directory from being deleted. */
@Injectable()
export class ProfileUses implements OnModuleInit {
  readonly #uses: ObjectUses
  readonly #profiles: ProfileUsesRepository

  constructor(uses: ObjectUses, profiles: ProfileUsesRepository) {
    this.#uses = uses
    this.#profiles = profiles
  }

  onModuleInit(): void {
    this.#uses.register((kind, id) => this.#profiles.of(kind, id))
  }
}

import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import type { KindName } from '../kind.fields.ts'

/** What refers to an object of the directory. */
export interface ObjectUser {
  readonly type: string
  readonly id: string
  readonly name: string
}

/** Finds what of one library refers to an object; a few are enough. */
export type FindUsers = (kind: KindName, id: string) => Promise<readonly ObjectUser[]>

const named = 5

/**
 * Who uses an object that is to be deleted, as far as libraries have said how to find out: a refusal names them. What
 * nobody has registered for is refused by its foreign key, without names.
 */
@Injectable()
export class ObjectUses {
  readonly #finders: FindUsers[] = []

  register(find: FindUsers): void {
    this.#finders.push(find)
  }

  /** @throws DomainError `in_use` with `users` */
  async refuse(kind: KindName, id: string): Promise<void> {
    const users: ObjectUser[] = []
    for (const find of this.#finders) users.push(...(await find(kind, id)))
    if (users.length === 0) return
    const names = users.slice(0, named).map(({ type, name }) => `${type.replaceAll('_', ' ')} ${JSON.stringify(name)}`)
    const more = users.length > named ? ' and others' : ''
    throw new DomainError('in_use', `The ${kind} is still used by the ${names.join(', the ')}${more}`, { users })
  }
}

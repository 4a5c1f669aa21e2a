import { PartialType } from '@nestjs/swagger'
import { Id, Text, pageOf } from '#platform'
import { stored } from '../objects.dto.ts'

export class CreateGroup {
  @Text({ description: 'No two groups have the same', example: 'kubernetes/sig-auth' })
  name!: string

  @Text({
    description: 'What the group is for',
    max: 4096,
    min: 0,
    multiline: true,
    optional: true,
    nullable: true,
    example: 'Owners of authentication and authorization',
  })
  description?: string | null

  @Id({ description: 'The identity that answers for it', optional: true, nullable: true })
  owner_id?: string | null

  @Text({
    description: 'Its name in the system it comes from; no two groups have the same',
    optional: true,
    nullable: true,
    example: 'team:kubernetes/sig-auth',
  })
  external_id?: string | null
}

export type GroupFields = Required<CreateGroup>

export class UpdateGroup extends PartialType(CreateGroup, { skipNullProperties: false }) {}

/** The fields of a new group that were not given. */
export const groupDefaults = { description: null, owner_id: null, external_id: null } satisfies Partial<GroupFields>

export class Group extends stored(CreateGroup, groupDefaults) {}
export class GroupPage extends pageOf(Group) {}

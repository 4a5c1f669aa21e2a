import { EnumName, IdList, ReadOnly, Text } from '#platform'
import { memberOperation, versionState } from '../enums.ts'
import { VersionContents } from './profiles.dto.ts'

const anything = { anyOf: [{}] } as never

export class CreateVersionBody extends VersionContents {
  @Text({
    description: 'The policy that decides about requests for it: a uuid, or empty',
    min: 0,
    pattern: /^(?:[0-9a-fA-F-]{32,36})?$/,
    optional: true,
  })
  access_request_policy_id?: string
}

export class UpdateVersionBody extends CreateVersionBody {
  @EnumName({
    description: 'The state that it is to have with the rest: a draft is published, or either is retired',
    of: versionState,
    optional: true,
  })
  state?: string

  @ReadOnly({ description: 'As in the path', type: anything })
  access_profile_id?: unknown
  @ReadOnly({ description: 'As in the path', type: anything })
  version_number?: unknown
  @ReadOnly({ description: 'Changed by its own address', type: anything })
  members?: unknown
  @ReadOnly({ description: 'Always empty', type: anything })
  rbac_id?: unknown
  @ReadOnly({ description: 'Who made it', type: anything })
  created_by?: unknown
  @ReadOnly({ description: 'When it was made', type: anything })
  created_at?: unknown
  @ReadOnly({ description: 'When it was last changed', type: anything })
  updated_at?: unknown
  @ReadOnly({ description: 'Who published it', type: anything })
  published_by?: unknown
  @ReadOnly({ description: 'When it was published', type: anything })
  published_at?: unknown
}

export class UpdateMembers {
  @EnumName({ description: 'What to do with them', of: memberOperation, example: 'ADD' })
  type!: string

  @IdList({ description: 'The identities', max: 1000, example: ['019a0000-0000-7000-8000-000000000001'] })
  identity_ids!: string[]

  @ReadOnly({ description: 'As in the path', type: anything })
  access_profile_id?: unknown

  @ReadOnly({ description: 'As in the path', type: anything })
  version_number?: unknown
}

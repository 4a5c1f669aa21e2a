import { EnumName, IdList, ReadOnly } from '#platform'
import { memberOperation, versionState } from '../enums.ts'
import { PolicyId } from '../policy-id.ts'
import { VersionContents } from './profiles.dto.ts'

export class CreateVersionBody extends VersionContents {
  @PolicyId('The policy that decides about requests for it')
  access_request_policy_id?: string
}

export class UpdateVersionBody extends CreateVersionBody {
  @EnumName({
    description: 'The state that it is to have with the rest: a draft is published, or either is retired',
    of: versionState,
    optional: true,
  })
  state?: string

  @ReadOnly({ description: 'As in the path' })
  access_profile_id?: unknown
  @ReadOnly({ description: 'As in the path' })
  version_number?: unknown
  @ReadOnly({ description: 'Changed by its own address' })
  members?: unknown
  @ReadOnly({ description: 'Always empty' })
  rbac_id?: unknown
  @ReadOnly({ description: 'Who made it' })
  created_by?: unknown
  @ReadOnly({ description: 'When it was made' })
  created_at?: unknown
  @ReadOnly({ description: 'When it was last changed' })
  updated_at?: unknown
  @ReadOnly({ description: 'Who published it' })
  published_by?: unknown
  @ReadOnly({ description: 'When it was published' })
  published_at?: unknown
}

export class UpdateMembers {
  @EnumName({ description: 'What to do with them', of: memberOperation, example: 'ADD' })
  type!: string

  @IdList({ description: 'The identities', max: 1000, example: ['019a0000-0000-7000-8000-000000000001'] })
  identity_ids!: string[]

  @ReadOnly({ description: 'As in the path' })
  access_profile_id?: unknown

  @ReadOnly({ description: 'As in the path' })
  version_number?: unknown
}

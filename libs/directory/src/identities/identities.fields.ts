import { conflictingAuthorities } from '#kernel'
import { kind } from '../kind.fields.ts'
import { fieldError } from '../object-fields.ts'
import { identityDefaults, type IdentityFields } from './identities.dto.ts'

export const identityKind = kind<IdentityFields>({
  name: 'identity',
  columns: {
    name: 'text',
    email: 'text',
    manager_id: 'uuid',
    lifecycle_state: 'text',
    authorities: 'text[]',
    attributes: 'jsonb',
    external_id: 'text',
  },
  defaults: identityDefaults,
  references: { manager_id: 'identity' },
  check: ({ authorities }) => {
    const pair = conflictingAuthorities(authorities)
    if (pair) throw fieldError('authorities', `authorities: nobody can be ${pair.join(' and ')} at once`)
  },
})

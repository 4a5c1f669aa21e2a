import { text, texts } from '#filter'
import { authorities, conflictingAuthorities } from '#kernel'
import { column } from '#platform'
import { kind } from '../kind.fields.ts'
import { fieldError } from '../object-fields.ts'
import { identityDefaults, lifecycleStates, type IdentityFields } from './identities.dto.ts'

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
  filter: {
    email: text(column('email'), { key: column('email_key'), nullable: true }),
    lifecycle_state: text(column('lifecycle_state'), { of: lifecycleStates }),
    authorities: texts(column('authorities'), { of: authorities }),
  },
  defaults: identityDefaults,
  references: { manager_id: 'identity' },
  check: ({ authorities: given }) => {
    const pair = conflictingAuthorities(given)
    if (pair) throw fieldError('authorities', `authorities: nobody can be ${pair.join(' and ')} at once`)
  },
})

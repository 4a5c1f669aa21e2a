import { kind } from '../kind.fields.ts'
import { identityDefaults, type IdentityFields } from './identities.dto.ts'

export const identityKind = kind<IdentityFields>({
  name: 'identity',
  columns: {
    name: 'text',
    email: 'text',
    manager_id: 'uuid',
    lifecycle_state: 'text',
    attributes: 'jsonb',
    external_id: 'text',
  },
  defaults: identityDefaults,
  references: { manager_id: 'identity' },
})

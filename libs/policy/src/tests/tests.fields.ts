import { columns, documents, ids, time, type Projection } from '#platform'

export const testProjection: Projection = {
  table: 'policy_tests',
  fields: {
    ...ids('id', 'policy_id'),
    ...columns('name'),
    ...documents('request'),
    ...columns('expected', 'version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

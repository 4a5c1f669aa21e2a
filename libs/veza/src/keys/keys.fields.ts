import { FieldTable, id, instant, text } from '#filter'
import { ids, columns, raw, sql, type Projection } from '#platform'
import { alwaysEmpty } from '../constant.fields.ts'
import { enumerated } from '../enums.fields.ts'
import { keyStatus, type EnumFormat } from '../enums.ts'
import { time } from '../time.fields.ts'

const works = raw('t.suspended_at is null and (t.expires_at is null or t.expires_at > app_now())')
const status = sql`case when ${works} then 'ACTIVE' else 'INACTIVE' end`

const view = (format: EnumFormat): Projection => ({
  table: 'api_keys',
  fields: {
    ...ids('id'),
    access_key: raw(`''::text`),
    ...columns('name'),
    created_at: time('created_at'),
    last_access_at: time('last_used_at'),
    status: enumerated(keyStatus, status, format),
    team_id: raw(`''::text`),
  },
})

export const keyViews: Readonly<Record<EnumFormat, Projection>> = { name: view('name'), number: view('number') }

export const keyFields = new FieldTable({
  id: id(raw('t.id'), { sortable: true }),
  access_key: alwaysEmpty,
  name: text(raw('t.name'), { sortable: true }),
  created_at: instant(raw('t.created_at'), { sortable: true }),
  last_access_at: instant(raw('t.last_used_at'), { nullable: true, sortable: true }),
  status: text(status, { of: Object.keys(keyStatus), sortable: true }),
  team_id: alwaysEmpty,
})

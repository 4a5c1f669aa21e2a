import { FieldTable, instant } from '#filter'
import { column } from '#platform'

/** What the list of tokens can be filtered by. */
export const tokenFields = new FieldTable({
  lastUsed: instant(column('last_used_at'), { nullable: true, operators: ['le', 'isnull'] }),
})

import { ApiProperty } from '@nestjs/swagger'
import { EnumName, ReadOnly, Text } from '#platform'
import { keyStatus } from '../enums.ts'
import { vezaQuery, valueOf, valuesOf } from '../paging.ts'
import { keyFields } from './keys.fields.ts'

export class CreateKey {
  @Text({ description: 'What it is for', example: 'Nightly export' })
  name!: string
}

/** The other fields may be sent back as they were read. */
export class UpdateKey extends CreateKey {
  @ReadOnly({ description: 'As in the path' })
  id?: unknown
  @ReadOnly({ description: 'Shown once, when it is made' })
  access_key?: unknown
  @ReadOnly({ description: 'When it was made' })
  created_at?: unknown
  @ReadOnly({ description: 'When it was last used' })
  last_access_at?: unknown
  @ReadOnly({ description: 'Changed by its own addresses' })
  status?: unknown
  @ReadOnly({ description: 'Always empty' })
  team_id?: unknown
}

export class Key {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String, description: 'The key itself in the answer that makes it, and empty ever after' })
  access_key!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'To the minute' })
  last_access_at!: string | null

  @EnumName({ description: 'Only an active key is accepted', of: keyStatus })
  status!: string

  @ApiProperty({ type: String, description: 'Always empty: there are no teams here' })
  team_id!: string
}

export class KeyValue extends valueOf(Key) {}
export class KeyValues extends valuesOf(Key) {}
export class KeyQuery extends vezaQuery(keyFields) {}

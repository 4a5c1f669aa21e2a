import { Flag, NestedList, OneOf, Text, TextList } from '#platform'

const unset = { optional: true, nullable: true }

export class AttributeValueDTO {
  @Text({ description: 'Its technical name' })
  value!: string

  @Text({ description: 'Its name', optional: true })
  name?: string

  @Text({ description: 'Whether it is in use', optional: true })
  status?: string

  @OneOf({ description: 'Where it comes from', of: ['static', 'adhoc'], ...unset })
  type?: string | null
}

export class AttributeDTO {
  @Text({ description: 'Its technical name' })
  key!: string

  @Text({ description: 'Its name', optional: true })
  name?: string

  @Flag({ description: 'Whether it may have several values', optional: true })
  multiselect?: boolean

  @Flag({ description: 'Whether it was made for this object', ...unset })
  isAdhoc?: boolean | null

  @Text({ description: 'Whether it is in use', optional: true })
  status?: string

  @Text({ description: 'Where it comes from', optional: true })
  type?: string

  @TextList({ description: 'The kinds of objects that may have it', max: 100, ...unset })
  objectTypes?: string[] | null

  @Text({ description: 'What it says of an object', min: 0, max: 2000, multiline: true, ...unset })
  description?: string | null

  @NestedList(() => AttributeValueDTO, { description: 'Its values', max: 100, open: true, ...unset })
  values?: AttributeValueDTO[] | null
}

export class AttributeDTOList {
  @NestedList(() => AttributeDTO, { description: 'The attributes', max: 100, open: true, ...unset })
  attributes?: AttributeDTO[] | null
}

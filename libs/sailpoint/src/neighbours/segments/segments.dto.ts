import { PartialType } from '@nestjs/swagger'
import { Flag, JsonObjectList, Nested, NestedList, OneOf, ReadOnly, Text } from '#platform'
import { IdentityReference } from '../references.dto.ts'

const unset = { optional: true, nullable: true }

export class SegmentValue {
  @OneOf({ description: 'Always STRING', of: ['STRING'], ...unset })
  type?: string | null

  @Text({ description: 'What the attribute must be', example: 'Engines' })
  value!: string
}

export class SegmentTest {
  @OneOf({ description: 'How it is compared', of: ['EQUALS'] })
  operator!: string

  @Text({ description: 'Which attribute of an identity', ...unset })
  attribute?: string | null

  @Nested(() => SegmentValue, { description: 'What it must be', open: true, ...unset })
  value?: SegmentValue | null

  @JsonObjectList({ description: 'A test has none: null', max: 100, ...unset })
  children?: object[] | null
}

export class SegmentExpression {
  @OneOf({ description: 'One test, or several that all hold', of: ['AND', 'EQUALS'], example: 'EQUALS' })
  operator!: string

  @Text({ description: 'Of EQUALS: which attribute of an identity', ...unset, min: 0, example: 'department' })
  attribute?: string | null

  @Nested(() => SegmentValue, { description: 'Of EQUALS: what it must be', open: true, ...unset })
  value?: SegmentValue | null

  @NestedList(() => SegmentTest, { description: 'Of AND: the tests', max: 100, open: true, ...unset })
  children?: SegmentTest[] | null
}

export class VisibilityCriteria {
  @Nested(() => SegmentExpression, { description: 'Who belongs to the segment', open: true })
  expression!: SegmentExpression
}

/** A segment, in bodies and in answers. What the server sets is ignored in a body. */
export class Segment {
  @ReadOnly({ description: 'Its id, a uuid with dashes', type: { type: String } })
  id?: string

  @Text({ description: 'No two segments have the same', example: 'Summer interns' })
  name!: string

  @ReadOnly({ description: 'When it was made', type: { type: String, format: 'date-time' } })
  created?: string

  @ReadOnly({ description: 'When it was changed last', type: { type: String, format: 'date-time' } })
  modified?: string

  @Text({ description: 'Who belongs to it and why', min: 0, max: 4096, multiline: true, ...unset, example: 'Guests' })
  description?: string | null

  @Nested(() => IdentityReference, { description: 'Who answers for it', open: true, ...unset })
  owner?: IdentityReference | null

  @Nested(() => VisibilityCriteria, {
    description: 'Who belongs to it; null: nobody',
    open: true,
    ...unset,
    example: {
      expression: { operator: 'EQUALS', attribute: 'department', value: { type: 'STRING', value: 'Engines' } },
    },
  })
  visibilityCriteria?: VisibilityCriteria | null

  @Flag({ description: 'Whether it decides what its members see. false when left out', optional: true })
  active?: boolean
}

/** What a patch has changed of a segment. */
export class SegmentChange extends PartialType(Segment, { skipNullProperties: false }) {}

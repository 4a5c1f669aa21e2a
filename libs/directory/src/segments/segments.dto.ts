import { PartialType } from '@nestjs/swagger'
import { Flag, Id, JsonObject, Text, pageOf } from '#platform'
import { stored } from '../objects.dto.ts'

export class CreateSegment {
  @Text({ description: 'No two segments have the same', example: 'Contractors' })
  name!: string

  @Text({
    description: 'Who belongs to it and why',
    max: 4096,
    min: 0,
    multiline: true,
    optional: true,
    nullable: true,
    example: 'People of other companies',
  })
  description?: string | null

  @Id({ description: 'The identity that answers for it', optional: true, nullable: true })
  owner_id?: string | null

  @Flag({ description: 'Whether it decides what its members see', optional: true })
  active?: boolean

  @JsonObject({
    description: 'Who belongs to it, as an expression over attributes of identities; null: nobody',
    optional: true,
    nullable: true,
    example: {
      expression: { operator: 'EQUALS', attribute: 'department', value: { type: 'STRING', value: 'Engines' } },
    },
  })
  visibility_criteria?: Record<string, unknown> | null

  @Text({
    description: 'Its name in the system it comes from; no two segments have the same',
    optional: true,
    nullable: true,
    example: 'segment:contractors',
  })
  external_id?: string | null
}

export type SegmentFields = Required<CreateSegment>

export class UpdateSegment extends PartialType(CreateSegment, { skipNullProperties: false }) {}

/** The fields of a new segment that were not given. */
export const segmentDefaults = {
  description: null,
  owner_id: null,
  active: false,
  visibility_criteria: null,
  external_id: null,
} satisfies Partial<SegmentFields>

export class Segment extends stored(CreateSegment, segmentDefaults) {}
export class SegmentPage extends pageOf(Segment) {}

import { applyDecorators } from '@nestjs/common'
import { ApiBody, ApiConsumes, ApiExtraModels, ApiProperty } from '@nestjs/swagger'

/** One operation of a JSON Patch, for the document. What is sent is read by `patched`. */
export class JsonPatchOperation {
  @ApiProperty({ enum: ['add', 'remove', 'replace', 'move', 'copy', 'test'], description: 'What to do' })
  op!: string

  @ApiProperty({ type: String, description: 'Where: a JSON Pointer (RFC 6901)', example: '/description' })
  path!: string

  @ApiProperty({ type: String, required: false, description: 'From where, for move and copy' })
  from?: string

  @ApiProperty({
    required: false,
    description: 'What, for add, replace and test; null clears',
    oneOf: [
      { type: 'string' },
      { type: 'boolean' },
      { type: 'integer' },
      { type: 'array', items: {} },
      { type: 'object', additionalProperties: true },
      { type: 'null' } as object,
    ],
  })
  value?: unknown
}

/** The body of a route is a JSON Patch, sent as `application/json-patch+json` or `application/json`. */
export const TakesJsonPatch = (example: readonly object[]): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(JsonPatchOperation),
    ApiConsumes('application/json-patch+json', 'application/json'),
    ApiBody({
      schema: {
        type: 'array',
        maxItems: 500,
        items: { $ref: '#/components/schemas/JsonPatchOperation' },
        example: [...example],
      },
    }),
  )

import type { Type } from '@nestjs/common'
import { ApiProperty } from '@nestjs/swagger'
import type { Header } from './kind.fields.ts'

/** Where @nestjs/swagger keeps what @ApiProperty was given; a second @ApiProperty would forget the type. */
const propertyMetadata = 'swagger/apiModelProperties'

/** The answer's class of an object: the fields of its body, all of them present, and the header. */
export function stored<T extends object>(fields: Type<T>, defaults: object): Type<Required<T> & Header> {
  class StoredObject extends (fields as Type<object>) implements Header {
    @ApiProperty({ type: String, format: 'uuid' })
    id!: string

    @ApiProperty({ type: 'integer', minimum: 1, description: 'Grows with each change; also the ETag' })
    version!: number

    @ApiProperty({ type: String, format: 'date-time' })
    created_at!: string

    @ApiProperty({ type: String, format: 'date-time' })
    updated_at!: string
  }
  for (const field of Object.keys(defaults)) {
    const inherited = Reflect.getMetadata(propertyMetadata, StoredObject.prototype, field) as object
    ApiProperty({ ...inherited, required: true })(StoredObject.prototype, field)
  }
  return StoredObject as unknown as Type<Required<T> & Header>
}

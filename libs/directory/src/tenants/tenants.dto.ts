import { ApiProperty } from '@nestjs/swagger'
import { Id, Text, pageOf, listQuery } from '#platform'
import { tenantFilter } from './tenants.fields.ts'

// One label of a host name, so that a slug can stand in one.
const slugForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

export class CreateTenant {
  @Id({ description: 'The id it shall have; made when left out', optional: true })
  id?: string

  @Text({ description: 'What people call it', example: 'Acme' })
  name!: string

  @Text({
    description: 'Its short name in addresses: lower case letters, digits, dashes',
    max: 63,
    pattern: slugForm,
    example: 'acme',
  })
  slug!: string
}

export class UpdateTenant {
  @Text({ description: 'What people call it', optional: true, example: 'Acme' })
  name?: string

  @Text({ description: 'Its short name in addresses', optional: true, max: 63, pattern: slugForm, example: 'acme' })
  slug?: string
}

export class TenantView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: String, description: 'Its short name in addresses' })
  slug!: string

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string

  @ApiProperty({ type: 'integer', description: 'Counts the writes; the ETag' })
  version!: number
}

export class CreatedTenant extends TenantView {
  @ApiProperty({
    type: String,
    description: "The tenant's first API key, with every scope. It is shown here and never again",
  })
  api_key!: string
}

export class TenantPage extends pageOf(TenantView) {}

export class TenantQuery extends listQuery(tenantFilter) {}

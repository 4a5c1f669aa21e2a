import { ApiProperty, PartialType } from '@nestjs/swagger'
import { Flag, OneOf, Text, TextList, listQuery, pageOf } from '#platform'
import { eventTypeForm } from './event-types.ts'
import { deliveryFilter, deliveryStatuses, webhookFilter, type DeliveryStatus } from './webhooks.fields.ts'

export class CreateWebhook {
  @Text({ description: 'What it is for', example: 'Ticket system' })
  name!: string

  @Text({
    description: 'Where events are sent: https, a public host, no user or password',
    max: 2048,
    format: 'uri',
    example: 'https://hooks.acme.example/castellan',
  })
  url!: string

  @TextList({
    description: `The types of events to send, each ${eventTypeForm.words}. Left out or empty: all of them`,
    max: 100,
    form: eventTypeForm,
    optional: true,
    example: ['grant.*', 'identity.deleted'],
  })
  event_types?: string[]

  @Flag({ description: 'Whether events are sent; true when left out', optional: true })
  enabled?: boolean
}

export class UpdateWebhook extends PartialType(CreateWebhook, { skipNullProperties: false }) {
  @Flag({ description: 'true: make a new secret; from then on every attempt is signed with it', optional: true })
  rotate_secret?: boolean
}

export class WebhookView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: String, format: 'uri', description: 'Where events are sent' })
  url!: string

  @ApiProperty({ type: String, isArray: true, description: 'Empty: all of them' })
  event_types!: string[]

  @ApiProperty({ type: Boolean, description: 'false also after the receiver has answered 410 Gone' })
  enabled!: boolean

  @ApiProperty({ type: 'integer', description: 'Counts the writes; the ETag' })
  version!: number

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string
}

const secret = {
  type: String,
  description: 'What deliveries are signed with, shown this once: `whsec_` and the key in base64',
  pattern: '^whsec_',
} as const

export class CreatedWebhook extends WebhookView {
  @ApiProperty(secret)
  secret!: string
}

export class UpdatedWebhook extends WebhookView {
  @ApiProperty({ ...secret, required: false, description: `${secret.description}; with \`rotate_secret\` only` })
  secret?: string
}

export class WebhookPage extends pageOf(WebhookView) {}

export class WebhookQuery extends listQuery(webhookFilter) {}

export class DeliveryQuery extends listQuery(deliveryFilter) {
  @OneOf({ description: 'Deliveries in this status', optional: true, of: deliveryStatuses, example: 'failed' })
  status?: DeliveryStatus
}

export class DeliveryView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The webhook' })
  webhook_id!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'Its `webhook-id`, the same at every attempt' })
  event_id!: string

  @ApiProperty({ type: String, example: 'grant.revoked', description: 'What happened' })
  event_type!: string

  @ApiProperty({ enum: deliveryStatuses, description: 'Whether it arrived, is still tried, or was given up' })
  status!: DeliveryStatus

  @ApiProperty({ type: 'integer', description: 'How many times it was sent, since it was made or asked for again' })
  attempts!: number

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it is sent again unless it succeeds before; null once it has ended',
  })
  next_attempt_at!: string | null

  @ApiProperty({ type: 'integer', nullable: true, description: 'The HTTP status of the last answer, if there was one' })
  last_status!: number | null

  @ApiProperty({ type: String, nullable: true, description: 'Why the last attempt did not succeed' })
  last_error!: string | null

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string
}

export class DeliveryPage extends pageOf(DeliveryView) {}

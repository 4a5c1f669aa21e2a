import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import {
  CreatedWebhook,
  CreateWebhook,
  DeliveryPage,
  DeliveryQuery,
  DeliveryView,
  UpdatedWebhook,
  UpdateWebhook,
  WebhookPage,
  WebhookQuery,
  WebhookView,
} from './webhooks.dto.ts'
import { mostWebhooks, WebhooksService } from './webhooks.service.ts'

@ApiTags('Webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  readonly #service: WebhooksService

  constructor(service: WebhooksService) {
    this.#service = service
  }

  @Post()
  @Requires('webhooks:write')
  @ApiOperation({
    operationId: 'createWebhook',
    summary: 'Create a webhook',
    description: `Every event of its types from now on is sent there by POST, as \`{type, timestamp, data}\`, signed by the
Standard Webhooks scheme: \`webhook-signature\` is \`v1,\` and the base64 HMAC-SHA256 of \`id.timestamp.body\`.

**At least once.** Any 2xx answer within 10 seconds ends a delivery. Anything else is tried again after 5 seconds, 30 seconds,
2 and 10 minutes, 1, 3, 8 and 24 hours; 410 disables the webhook. An event can come twice (the answer was lost, or a server
was stopped between sending and writing it down), then with the same \`webhook-id\`: take that as the key to tell. Events may
come out of order. Redirects are not followed.

An event carries the whole object, so beside \`webhooks:write\` this takes the scopes that read what the events speak of: \`grants:read\` for
\`grant.*\`, all of them for all events; 403 \`forbidden\` names those that are missing. To change a webhook takes those of its types before
and after, to deliver again that of the event.

A tenant has at most ${mostWebhooks} webhooks, disabled ones too: one more is 409 \`invalid_state\`. A receiver that answers slowly holds up
the tenant's other webhooks, never those of another tenant.`,
  })
  @ApiCreatedResponse({ type: CreatedWebhook })
  create(@CurrentActor() actor: Actor, @Body() body: CreateWebhook): Promise<CreatedWebhook> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('webhooks:read')
  @ApiOperation({
    operationId: 'listWebhooks',
    summary: 'List webhooks',
    description: 'Newest first, or in the order of `sort`.',
  })
  @ApiOkResponse({ type: WebhookPage })
  list(@CurrentActor() actor: Actor, @Query() query: WebhookQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @Requires('webhooks:read')
  @ApiOperation({ operationId: 'getWebhook', summary: 'Get a webhook', description: 'Without its secret.' })
  @ApiOkResponse({ type: WebhookView })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('webhook')) id: string): Promise<WebhookView> {
    return this.#service.get(actor, id)
  }

  @Patch(':id')
  @Requires('webhooks:write')
  @ApiOperation({
    operationId: 'updateWebhook',
    summary: 'Change a webhook',
    description:
      'What the body does not name stays. Disabling it ends its pending deliveries as failed; they can be asked for again.',
  })
  @ApiOkResponse({ type: UpdatedWebhook })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('webhook')) id: string,
    @Body() body: UpdateWebhook,
    @IfMatch() precondition: Precondition,
  ): Promise<UpdatedWebhook> {
    return this.#service.update(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('webhooks:write')
  @ApiOperation({
    operationId: 'deleteWebhook',
    summary: 'Delete a webhook',
    description: 'With its deliveries; what is pending is not sent any more.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('webhook')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, id, precondition)
  }

  @Get(':id/deliveries')
  @Requires('webhooks:read')
  @ApiOperation({
    operationId: 'listWebhookDeliveries',
    summary: 'List deliveries',
    description: 'One for each event that the webhook wanted: latest event first, or in the order of `sort`.',
  })
  @ApiOkResponse({ type: DeliveryPage })
  deliveries(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('webhook')) id: string,
    @Query() query: DeliveryQuery,
  ): Promise<JsonText> {
    return this.#service.deliveries(actor, id, query)
  }

  @Post(':id/deliveries/:delivery_id/redelivery')
  @HttpCode(202)
  @Requires('webhooks:write')
  @ApiOperation({
    operationId: 'redeliverWebhookDelivery',
    summary: 'Deliver again',
    description:
      'Sends the same event with the same `webhook-id` now, with all its retries. 409 `invalid_state` while it is pending or the webhook is disabled.',
  })
  @ApiAcceptedResponse({ type: DeliveryView })
  redeliver(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('webhook')) id: string,
    @Param('delivery_id', objectId('webhook_delivery')) deliveryId: string,
  ): Promise<DeliveryView> {
    return this.#service.redeliver(actor, id, deliveryId)
  }
}

import { Module } from '@nestjs/common'
import { DeliveriesRepository } from './deliveries.repository.ts'
import { DeliveryJob } from './delivery.job.ts'
import { WebhookSecrets } from './webhook-secrets.ts'
import { WebhooksController } from './webhooks.controller.ts'
import { WebhooksRepository } from './webhooks.repository.ts'
import { WebhooksService } from './webhooks.service.ts'

@Module({
  controllers: [WebhooksController],
  providers: [WebhooksService, WebhooksRepository, DeliveriesRepository, WebhookSecrets, DeliveryJob],
})
export class WebhooksModule {}

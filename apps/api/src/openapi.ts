import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Config } from '#platform'

/** `GET /v1/openapi.json` and Swagger UI at `/docs`. */
export function serveDocuments(app: NestFastifyApplication, _config: Config): void {
  const document = (): OpenAPIObject => SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Castellan').setVersion('0.1.0').build())
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'v1/openapi.json' })
}

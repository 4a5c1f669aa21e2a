import { Body, Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { CreateOidcIssuer, OidcIssuerPage, OidcIssuerView, OidcIssuerQuery } from './oidc-issuers.dto.ts'
import { OidcIssuersService } from './oidc-issuers.service.ts'

@ApiTags('Credentials')
@Controller('v1/oidc-issuers')
export class OidcIssuersController {
  readonly #service: OidcIssuersService

  constructor(service: OidcIssuersService) {
    this.#service = service
  }

  @Post()
  @Requires('oidc_issuers:write')
  @ApiOperation({
    operationId: 'createOidcIssuer',
    summary: 'Add an identity provider',
    description:
      'Its JWTs are then accepted as Bearer, signed with RS256, RS384, RS512, PS256, PS384, PS512, ES256 or ES384, with exactly this `iss` and `aud`. Who comes for the first time gets an identity. Tenants can share an `iss` and an `aud`: where a request does not name its tenant, it is the one whose keys alone verify the token. 403 `forbidden` for a credential that ends, since the provider does not.',
  })
  @ApiCreatedResponse({ type: OidcIssuerView })
  create(@CurrentActor() actor: Actor, @Body() body: CreateOidcIssuer): Promise<OidcIssuerView> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('oidc_issuers:read')
  @ApiOperation({
    operationId: 'listOidcIssuers',
    summary: 'List identity providers',
    description: 'Newest first, or in the order of `sort`.',
  })
  @ApiOkResponse({ type: OidcIssuerPage })
  list(@CurrentActor() actor: Actor, @Query() query: OidcIssuerQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('oidc_issuers:write')
  @ApiOperation({
    operationId: 'deleteOidcIssuer',
    summary: 'Remove an identity provider',
    description: 'Its tokens are refused from then on. The identities stay, but are no longer known by its subjects.',
  })
  @ApiNoContentResponse()
  delete(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('oidc_issuer')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.delete(actor, id, precondition)
  }
}

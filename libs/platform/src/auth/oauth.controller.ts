import { Controller, Get, Header, HttpCode, Req, Res } from '@nestjs/common'
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { TakesForm } from '../http/body-form.ts'
import { Post } from '../http/post.ts'
import { RateLimit } from '../http/rate-limit.ts'
import { Repeatable } from '../http/repeatable.ts'
import { Public } from './access.ts'
import { DiscoveryAnswer, JwksAnswer, OAuthInfoAnswer, TokenAnswer, TokenRequest } from './oauth.dto.ts'
import { readParameters } from './oauth-parameters.ts'
import { OAuthService } from './oauth.service.ts'

@ApiTags('Sign-in')
@Public()
@Controller()
export class OAuthController {
  readonly #service: OAuthService
  readonly #rateLimit: RateLimit

  constructor(service: OAuthService, rateLimit: RateLimit) {
    this.#service = service
    this.#rateLimit = rateLimit
  }

  @Post('oauth/token')
  @HttpCode(200)
  @Repeatable()
  @TakesForm()
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'createToken',
    summary: 'Get an access token',
    description:
      'The client-credentials grant of RFC 6749. The parameters may stand in the query, in a urlencoded, multipart or JSON body, and the client in HTTP Basic. Errors have the form of RFC 6749 section 5.2.',
  })
  @ApiConsumes('application/x-www-form-urlencoded', 'multipart/form-data', 'application/json')
  @ApiBody({ type: TokenRequest, required: false })
  @ApiOkResponse({ type: TokenAnswer })
  token(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<TokenAnswer> {
    const spend = (credential: string): void => this.#rateLimit.spend(credential, reply)
    return this.#rateLimit.guardFailures(request.ip, async () =>
      this.#service.token(await readParameters(request), spend),
    )
  }

  @Get('oauth/info')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({
    operationId: 'getOAuthInfo',
    summary: 'Where tokens are, for clients of SailPoint',
    description: 'The same places as in the OpenID configuration, by the names that those clients know.',
  })
  @ApiOkResponse({ type: OAuthInfoAnswer })
  info(): OAuthInfoAnswer {
    return this.#service.info()
  }

  @Get('.well-known/jwks.json')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({
    operationId: 'getJwks',
    summary: 'The keys of the access tokens',
    description: 'RFC 7517. A key that was replaced stands here until the last token signed with it has expired.',
  })
  @ApiOkResponse({ type: JwksAnswer })
  jwks(): Promise<JwksAnswer> {
    return this.#service.jwks()
  }

  @Get('.well-known/openid-configuration')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({
    operationId: 'getOpenIdConfiguration',
    summary: 'Where tokens and their keys are',
    description: 'OpenID Connect Discovery 1.0.',
  })
  @ApiOkResponse({ type: DiscoveryAnswer })
  discovery(): DiscoveryAnswer {
    return this.#service.discovery()
  }
}

import { Get, Param, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { IdentitiesService } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Requires, type JsonText } from '#platform'
import { listHeaders, versionHeader } from '../../headers.ts'
import { list, pageRequest } from '../../paging.ts'
import { Versioned } from '../../routes.ts'
import { Identity, IdentityQuery, PublicIdentity, PublicIdentityQuery } from './identities.dto.ts'
import { identityView, publicIdentityView } from './identities.fields.ts'

@ApiTags('Public Identities')
@Versioned('public-identities')
export class PublicIdentitiesController {
  readonly #identities: IdentitiesService

  constructor(identities: IdentitiesService) {
    this.#identities = identities
  }

  @Get()
  @Requires('identities:public', 'identities:read')
  @ApiOperation({
    operationId: 'getPublicIdentities',
    summary: 'Look people up',
    description: 'What anybody may know of them: names, addresses, managers. Oldest first, unless sorted.',
  })
  @ApiOkResponse({ type: [PublicIdentity], headers: listHeaders })
  list(@CurrentActor() actor: Actor, @Query() query: PublicIdentityQuery): Promise<JsonText> {
    const reachable = query['add-core-filters']
    return list(this.#identities.listPeople(actor, pageRequest(query), { reachable }, publicIdentityView))
  }
}

@ApiTags('Identities')
@Versioned('identities')
export class SailPointIdentitiesController {
  readonly #identities: IdentitiesService

  constructor(identities: IdentitiesService) {
    this.#identities = identities
  }

  @Get()
  @Requires('identities:read')
  @ApiOperation({
    operationId: 'listIdentities',
    summary: 'List identities',
    description: 'Oldest first, unless sorted.',
  })
  @ApiOkResponse({ type: [Identity], headers: listHeaders })
  list(@CurrentActor() actor: Actor, @Query() query: IdentityQuery): Promise<JsonText> {
    return list(this.#identities.listByOffset(actor, pageRequest(query), identityView))
  }

  @Get(':id')
  @Requires('identities:read')
  @ApiOperation({ operationId: 'getIdentity', summary: 'Get an identity', description: 'With its version as ETag.' })
  @ApiOkResponse({ type: Identity, headers: versionHeader })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('identity')) id: string): Promise<JsonText> {
    return this.#identities.get(actor, id, identityView)
  }
}

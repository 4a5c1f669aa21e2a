import { Get, Param, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { AccessProfilesService } from '#access-profiles'
import { IdentitiesService } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Requires, type JsonText } from '#platform'
import { Authorities } from '../../authorities.ts'
import { listHeaders, versionHeader } from '../../headers.ts'
import { list, pageRequest, shortPage } from '../../paging.ts'
import { Versioned } from '../../routes.ts'
import { Role, RoleQuery } from './roles.dto.ts'
import { roleView } from './roles.fields.ts'
import { roles, selection } from './roles.wire.ts'

@ApiTags('Roles')
@Versioned('roles')
export class RolesController {
  readonly #profiles: AccessProfilesService
  readonly #identities: IdentitiesService

  constructor(profiles: AccessProfilesService, identities: IdentitiesService) {
    this.#profiles = profiles
    this.#identities = identities
  }

  @Get()
  @Requires('access_profiles:read')
  @Authorities('ORG_ADMIN', 'ROLE_ADMIN', 'ROLE_SUBADMIN', 'API')
  @ApiOperation({
    operationId: 'listRoles',
    summary: 'List roles',
    description: 'The access profiles that inherit from others; oldest first, unless sorted. At most 50 at once.',
  })
  @ApiOkResponse({ type: [Role], headers: listHeaders })
  async list(@CurrentActor() actor: Actor, @Query() query: RoleQuery): Promise<JsonText> {
    const selected = await selection(this.#identities, actor, query)
    return list(this.#profiles.listByOffset(actor, pageRequest(query, shortPage), selected, roleView))
  }

  @Get(':id')
  @Requires('access_profiles:read')
  @Authorities('ORG_ADMIN', 'ROLE_ADMIN', 'ROLE_SUBADMIN', 'API')
  @ApiOperation({
    operationId: 'getRole',
    summary: 'Get a role',
    description: 'An access profile that inherits from none is no role: 404.',
  })
  @ApiOkResponse({ type: Role, headers: versionHeader })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('role')) id: string): Promise<JsonText> {
    return this.#profiles.get<JsonText>(actor, id, roleView, roles)
  }
}

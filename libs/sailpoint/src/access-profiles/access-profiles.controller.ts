import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query, Res } from '@nestjs/common'
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { AccessProfilesService, type EntitlementView } from '#access-profiles'
import { IdentitiesService } from '#directory'
import type { Actor } from '#kernel'
import {
  Config, CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText, type Projection,
} from '#platform' // prettier-ignore
import { Authorities } from '../authorities.ts'
import { listHeaders, versionHeader } from '../headers.ts'
import { TakesJsonPatch } from '../json-patch/index.ts'
import { Entitlement, ProfileEntitlementQuery } from '../neighbours/entitlements/entitlement.dto.ts'
import { profileEntitlementView, seedProfileEntitlementView } from '../neighbours/entitlements/entitlements.fields.ts'
import { list, pageRequest } from '../paging.ts'
import { Versioned } from '../routes.ts'
import { segmentsIn } from '../segment-query.ts'
import {
  AccessProfile,
  AccessProfileBulkDeleteRequest,
  AccessProfileBulkDeleteResponse,
  AccessProfileQuery,
  AccessProfileUpdateItem,
} from './access-profiles.dto.ts'
import { profileView, seedProfileView } from './access-profiles.fields.ts'
import { bulkDeleteResponse, newProfile, profilePatch } from './access-profiles.wire.ts'
import { requestableItems, storedIds, updateItems } from './requestable.wire.ts'

const readers = ['API', 'ORG_ADMIN', 'ROLE_ADMIN', 'ROLE_SUBADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN'] as const
const writers = ['API', 'ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN'] as const

@ApiTags('Access Profiles')
@Versioned('access-profiles', 'access-profiles/v1')
export class AccessProfilesController {
  protected readonly service: AccessProfilesService
  protected readonly config: Config
  readonly #identities: IdentitiesService

  constructor(service: AccessProfilesService, identities: IdentitiesService, config: Config) {
    this.service = service
    this.#identities = identities
    this.config = config
  }

  protected get view(): Projection {
    return profileView
  }

  protected get entitlementView(): EntitlementView {
    return profileEntitlementView
  }

  protected get longestList(): number {
    return this.config.sailpointListLimit
  }

  @Get()
  @Requires('access_profiles:read')
  @Authorities(...readers)
  @ApiOperation({
    operationId: 'listAccessProfiles',
    summary: 'List access profiles',
    description:
      'Oldest first. A sub-administrator sees those of the sources whose governance group it is a member of. `filters` may ask for those that contain an entitlement: `entitlement.id eq "…"`.',
  })
  @ApiOkResponse({ type: [AccessProfile], headers: listHeaders })
  async list(@CurrentActor() actor: Actor, @Query() query: AccessProfileQuery): Promise<JsonText> {
    const selection = { ...segmentsIn(query), managedBy: await this.#subAdministrator(actor, query) }
    return list(this.service.listByOffset(actor, pageRequest(query, this.longestList), selection, this.view))
  }

  @Post()
  @Requires('access_profiles:write')
  @Authorities(...readers)
  @ApiOperation({
    operationId: 'createAccessProfile',
    summary: 'Create an access profile',
    description:
      'It is published at once. What is read-only is ignored, so that an exported profile can be sent as it is; what is not known is refused by name.',
  })
  @ApiCreatedResponse({ type: AccessProfile, headers: versionHeader })
  create(@CurrentActor() actor: Actor, @Body() body: AccessProfile): Promise<JsonText> {
    return this.service.create<JsonText>(actor, newProfile(body), this.view)
  }

  @Post('bulk-delete')
  @HttpCode(202)
  @Requires('access_profiles:write')
  @Authorities(...writers)
  @ApiOperation({
    operationId: 'deleteAccessProfilesInBulk',
    summary: 'Delete many access profiles',
    description:
      'At most 50. With `bestEffortOnly` those that roles use stay and the others are deleted; otherwise none is deleted when a role uses one of them, and the answer is 200 without a task. The people who hold what is deleted lose what it gives.',
  })
  @ApiResponse({ status: 202, type: AccessProfileBulkDeleteResponse, description: 'Deleted; the task says so' })
  @ApiResponse({ status: 200, type: AccessProfileBulkDeleteResponse, description: 'Nothing is deleted' })
  async deleteMany(
    @CurrentActor() actor: Actor,
    @Body() { accessProfileIds, bestEffortOnly = false }: AccessProfileBulkDeleteRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessProfileBulkDeleteResponse> {
    const report = await this.service.removeMany(actor, accessProfileIds, { bestEffort: bestEffortOnly })
    void reply.status(report.task_id === null ? 200 : 202)
    return bulkDeleteResponse(report)
  }

  @Post('bulk-update-requestable')
  @HttpCode(207)
  @Requires('access_profiles:write')
  @Authorities(...writers)
  @ApiOperation({
    operationId: 'updateAccessProfilesInBulk',
    summary: 'Make many access profiles requestable or not',
    description: 'At most 50, each for itself: the answer tells of each whether there is one.',
  })
  @ApiBody({
    schema: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        required: ['id', 'requestable'],
        properties: {
          id: { type: 'string', description: 'The profile' },
          requestable: { type: 'boolean', description: 'Whether people may ask for it' },
        },
      },
      example: [{ id: '019a0000000070008000000000000500', requestable: false }],
    },
  })
  @ApiResponse({ status: 207, type: [AccessProfileUpdateItem], description: 'What became of each' })
  async updateMany(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<AccessProfileUpdateItem[]> {
    const items = requestableItems(body)
    return updateItems(items, await this.service.setRequestable(actor, storedIds(items)))
  }

  @Get(':id')
  @Requires('access_profiles:read')
  @Authorities(...readers)
  @ApiOperation({
    operationId: 'getAccessProfile',
    summary: 'Get an access profile',
    description: 'Names in it are those of now.',
  })
  @ApiOkResponse({ type: AccessProfile, headers: versionHeader })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('access profile')) id: string): Promise<JsonText> {
    return this.service.get<JsonText>(actor, id, this.view)
  }

  @Patch(':id')
  @Requires('access_profiles:write')
  @Authorities(...writers)
  @TakesJsonPatch([{ op: 'replace', path: '/description', value: 'Read and write the employee database' }])
  @ApiOperation({
    operationId: 'patchAccessProfile',
    summary: 'Patch an access profile',
    description:
      'JSON Patch (RFC 6902): all operations or none. `add` of an array to `/entitlements` appends what is not there yet. Other entitlements are published at once as a new version. `revokeRequestConfig` is taken for `revocationRequestConfig`.',
  })
  @ApiOkResponse({ type: AccessProfile, headers: versionHeader })
  patch(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access profile')) id: string,
    @Body() body: unknown,
    @IfMatch() precondition: Precondition,
  ): Promise<JsonText> {
    return this.service.update<JsonText>(actor, id, (seen) => profilePatch(seen, body), precondition, this.view)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('access_profiles:write')
  @Authorities(...writers)
  @ApiOperation({
    operationId: 'deleteAccessProfile',
    summary: 'Delete an access profile',
    description: 'Refused while roles use it; `causes` names them. The people who hold it lose what it gives.',
  })
  @ApiNoContentResponse()
  delete(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access profile')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.service.remove(actor, id, precondition, { members: 'lose' })
  }

  @Get(':id/entitlements')
  @Requires('access_profiles:read')
  @Authorities(...writers)
  @ApiOperation({
    operationId: 'getAccessProfileEntitlements',
    summary: 'List the entitlements of an access profile',
    description: 'Its own, without those that it inherits as a role. Oldest first.',
  })
  @ApiOkResponse({ type: [Entitlement], headers: listHeaders })
  entitlements(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access profile')) id: string,
    @Query() query: ProfileEntitlementQuery,
  ): Promise<JsonText> {
    return list(this.service.entitlementsByOffset(actor, id, pageRequest(query), { own: true }, this.entitlementView))
  }

  async #subAdministrator(actor: Actor, query: AccessProfileQuery): Promise<string | undefined> {
    const named = query['for-subadmin']
    return named === undefined ? undefined : this.#identities.subAdministrator(actor, named, 'for-subadmin')
  }
}

/** The path of the seeds, which has no version: shorter lists, and no fields that came later unless they hold something. */
@ApiTags('Access Profiles')
@Controller('access-profiles')
export class SeedAccessProfilesController extends AccessProfilesController {
  protected override get view(): Projection {
    return seedProfileView
  }

  protected override get entitlementView(): EntitlementView {
    return seedProfileEntitlementView
  }

  protected override get longestList(): number {
    return this.config.sailpointSeedListLimit
  }
}

import { Controller, Get } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, Requires, SignedIn } from '#platform'
import { PermissionsView, SignedInProfileView } from './me.dto.ts'
import { MeService } from './me.service.ts'

@ApiTags('Me')
@Controller('v1')
export class MeController {
  readonly #service: MeService

  constructor(service: MeService) {
    this.#service = service
  }

  @Get('users/me/profile')
  @SignedIn()
  @ApiOperation({
    operationId: 'getMyProfile',
    summary: 'Who am I',
    description: 'The identity of the signed-in person, with tenant, groups and scopes.',
  })
  @ApiOkResponse({ type: SignedInProfileView })
  profile(@CurrentActor() actor: Actor): Promise<SignedInProfileView> {
    return this.#service.profile(actor)
  }

  @Get('permissions')
  @Requires()
  @ApiOperation({
    operationId: 'listPermissions',
    summary: 'What may I do',
    description: 'Every scope there is, by resource, and whether the credential of this request has it.',
  })
  @ApiOkResponse({ type: PermissionsView })
  permissions(@CurrentActor() actor: Actor): PermissionsView {
    return this.#service.permissions(actor)
  }
}

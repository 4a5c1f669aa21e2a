import { Controller, Get, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, SignedIn } from '#platform'
import { ProfilePage, ProfileQuery } from './profiles.dto.ts'
import { RegistryService } from './registry.service.ts'

@ApiTags('Registry')
@Controller('v1/registry')
export class RegistryController {
  readonly #service: RegistryService

  constructor(service: RegistryService) {
    this.#service = service
  }

  @Get('profiles')
  @SignedIn('registry:read')
  @ApiOperation({
    operationId: 'listGrantedProfiles',
    summary: 'List the profiles of the signed-in person',
    description:
      'One profile for each account and permission set that any live grant gives, as the `granted` CLI writes them into an AWS config file. `available` are those that running, requestable access profiles offer, that the person can see by its segments, does not hold, and that policies permit to ask for (`request_access`); `auto_approve` makes their `approval_mode` `auto`. The SSO start URL, the region and the account names come from the source.',
  })
  @ApiOkResponse({ type: ProfilePage })
  profiles(@CurrentActor() actor: Actor, @Query() query: ProfileQuery): Promise<ProfilePage> {
    return this.#service.profiles(actor, query)
  }
}

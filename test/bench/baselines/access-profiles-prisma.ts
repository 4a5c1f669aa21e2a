import { Controller, Get, Injectable, Query } from '@nestjs/common'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient, type Prisma } from '../../../generated/prisma/client.ts'

/*
 * The straightforward list of access profiles: findMany with the relations of the answer, mapped to the wire; without any of
 * the checks.
 */
const { DATABASE_URL, POOL_SIZE, TENANT_ID: tenant_id = '' } = process.env

const include = {
  owner: true,
  source: true,
  segments: { orderBy: { position: 'asc' } },
  versions: {
    where: { state: 'published' },
    include: { entitlements: { include: { entitlement: true }, orderBy: { position: 'asc' } } },
  },
} satisfies Prisma.access_profilesInclude

type Profile = Prisma.access_profilesGetPayload<{ include: typeof include }>

interface Config {
  comments_required: boolean | null
  denial_comments_required: boolean | null
  reauthorization_required: boolean | null
  require_end_date: boolean | null
  max_duration: { value: number; unit: string } | null
  approval_schemes: { approver_type: string; approver_id: string | null }[] | null
}

@Injectable()
export class ProfilesService {
  readonly #prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: DATABASE_URL, max: Number(POOL_SIZE), idleTimeoutMillis: 300_000 }),
  })

  async list(limit: number, source_id: string, name: string): Promise<object[]> {
    const found = await this.#prisma.access_profiles.findMany({
      where: { tenant_id, source_id, name: { startsWith: name, mode: 'insensitive' } },
      orderBy: [{ updated_at: 'desc' }, { name: 'asc' }, { id: 'asc' }],
      take: limit,
      include,
    })
    return found.map(toWire)
  }
}

const hex = (id: string): string => id.replaceAll('-', '')

function toWire(profile: Profile): object {
  const { owner, source, versions, segments } = profile
  return {
    id: hex(profile.id),
    name: profile.name,
    description: profile.description,
    created: profile.created_at,
    modified: profile.updated_at,
    enabled: profile.state === 'running',
    owner: owner && { type: 'IDENTITY', id: hex(owner.id), name: owner.name },
    source: source && { id: hex(source.id), type: 'SOURCE', name: source.name },
    entitlements: (versions[0]?.entitlements ?? []).map(({ entitlement: { id, name } }) => ({
      type: 'ENTITLEMENT',
      id: hex(id),
      name,
    })),
    requestable: profile.requestable,
    accessRequestConfig: requestConfig(profile.request_config as Config | null),
    revocationRequestConfig: null,
    segments: segments.map(({ segment_id }) => segment_id),
    provisioningCriteria: profile.provisioning_criteria,
    additionalOwners: profile.additional_owners,
    accessModelMetadata: { attributes: null },
  }
}

function requestConfig(config: Config | null): object | null {
  if (config === null) return null
  return {
    commentsRequired: config.comments_required,
    denialCommentsRequired: config.denial_comments_required,
    approvalSchemes:
      config.approval_schemes?.map(({ approver_type, approver_id }) => ({
        approverType: approver_type,
        approverId: approver_id,
      })) ?? null,
    reauthorizationRequired: config.reauthorization_required,
    requireEndDate: config.require_end_date,
    maxPermittedAccessDuration: config.max_duration && {
      value: config.max_duration.value,
      timeUnit: config.max_duration.unit,
    },
  }
}

@Controller('access-profiles')
export class ProfilesController {
  readonly #service: ProfilesService

  constructor(service: ProfilesService) {
    this.#service = service
  }

  @Get()
  list(@Query('limit') limit: string, @Query('source') source: string, @Query('name') name: string): Promise<object[]> {
    return this.#service.list(Number(limit), source, name)
  }
}

import 'reflect-metadata'
import { Controller, Get, Injectable, Module, Query } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient, type Prisma } from '../../../generated/prisma/client.ts'
import { ProfilesController, ProfilesService } from './access-profiles-prisma.ts'

/*
 * The straightforward server: Nest, Fastify, findMany, rows mapped to the wire. It is spared what ours does beside
 * that: no credential, no validation, no rate limit, no row-level security (it logs in as the owner). Its keyset is
 * written so that PostgreSQL can use the index; Prisma's own `cursor` would read the table up to the page.
 */
const { DATABASE_URL, POOL_SIZE, TENANT_ID: tenant_id = '' } = process.env

@Injectable()
class GrantsService {
  readonly #prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: DATABASE_URL, max: Number(POOL_SIZE), idleTimeoutMillis: 300_000 }),
  })

  async list(limit: number, after?: { created_at: Date; id: string }) {
    const now = new Date()
    const where: Prisma.grantsWhereInput = {
      tenant_id,
      state: { in: ['scheduled', 'active'] },
      starts_at: { lte: now },
      AND: [{ OR: [{ expires_at: null }, { expires_at: { gt: now } }] }],
    }
    if (after) {
      where.created_at = { lte: after.created_at }
      where.OR = [{ created_at: { lt: after.created_at } }, { id: { lt: after.id } }]
    }
    const found = await this.#prisma.grants.findMany({
      where,
      orderBy: [{ created_at: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    })
    const rows = found.slice(0, limit)
    const last = rows.at(-1)
    return {
      data: rows.map(toWire),
      next_cursor: found.length > limit && last ? { created_at: last.created_at, id: last.id } : null,
      has_more: found.length > limit,
    }
  }
}

/** A live grant, so its state needs no clock. */
function toWire(grant: Prisma.grantsGetPayload<object>) {
  return {
    id: grant.id,
    request_id: grant.request_id,
    grantee_id: grant.grantee_id,
    resource: { type: grant.resource_type, id: grant.resource_id },
    action: grant.action,
    status: 'active',
    expires_at: grant.expires_at,
    granted_at: grant.granted_at,
    revoked_at: grant.revoked_at,
    metadata: grant.metadata,
    created_at: grant.created_at,
    updated_at: grant.updated_at,
    state: 'active',
    entitlement_id: grant.entitlement_id,
    access_profile_id: grant.access_profile_id,
    external_id: grant.external_id,
    provisioning_status: grant.provisioning_status,
    starts_at: grant.starts_at,
    revoke: grant.revoke,
    extension: {
      count: grant.extension_count,
      remaining: grant.extension_limit === null ? null : grant.extension_limit - grant.extension_count,
      until: grant.extension_until,
    },
    timeline: grant.timeline,
    version: grant.version,
  }
}

@Controller('grants')
class GrantsController {
  readonly #service: GrantsService

  constructor(service: GrantsService) {
    this.#service = service
  }

  @Get()
  list(@Query('limit') limit: string, @Query('created_at') createdAt?: string, @Query('id') id?: string) {
    return this.#service.list(Number(limit), createdAt && id ? { created_at: new Date(createdAt), id } : undefined)
  }
}

@Module({ controllers: [GrantsController, ProfilesController], providers: [GrantsService, ProfilesService] })
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
  logger: ['error', 'warn'],
})
await app.listen(0, '127.0.0.1')
process.stdout.write(`ready ${await app.getUrl()}\n`)
process.on('disconnect', () => process.exit())

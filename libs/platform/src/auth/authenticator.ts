import { Injectable } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { DomainError, type Actor } from '#kernel'

/** Who sent a request, by the one credential it carries: X-API-Key or Authorization: Bearer. */
@Injectable()
export class Authenticator {
  /**
   * @param tenantId what X-Tenant-ID says, if it was sent: it helps to find a tenant's own identity provider
   * @throws DomainError `unauthenticated` without a credential or with a bad one, `ambiguous_credentials` with two
   */
  async authenticate(_request: FastifyRequest, _tenantId: string | null): Promise<Actor> {
    throw new DomainError('unauthenticated')
  }
}

import { Injectable } from '@nestjs/common'
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js'
import { AuthGuard } from '@nestjs/passport'
import { DomainError, type Actor } from '#kernel'
import { BearerStrategy, type BearerRequest } from './bearer.strategy.ts'
import { refused } from './refusal.ts'
import { InvalidToken } from './token-text.ts'

@Injectable()
export class BearerGuard extends AuthGuard() {
  constructor(strategy: BearerStrategy) {
    super({ defaultStrategy: strategy.name, session: false })
  }

  /** @throws DomainError `unauthenticated`, or `tenant_mismatch` when the token is good but the header names another tenant */
  async actorOf(token: string, tenantId: string | null): Promise<Actor> {
    const request: BearerRequest = { token, tenantId }
    await this.canActivate(new ExecutionContextHost([request, {}]))
    if (!request.user) throw refused('passport found no user')
    return request.user
  }

  /** @param info why passport-jwt refused the token */
  override handleRequest<User>(error: unknown, user: User | false, info: unknown): User {
    if (user) return user
    const reason = error ?? info
    const isRefusal = reason instanceof InvalidToken || (reason === info && !(reason instanceof DomainError))
    throw isRefusal ? refused(reason) : reason
  }
}

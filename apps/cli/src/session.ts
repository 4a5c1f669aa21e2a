import type { INestApplicationContext } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { CreateApiKey, CreateTenant, TenantsService } from '#directory'
import { operatorTenant, parseId, scopes, type Actor } from '#kernel'
import { Config, DatabaseAddress, forTenant, openDatabase, StrictValidationPipe, type OpenDatabase } from '#platform'
import { AppModule } from '../../api/src/app.module.ts'
import { withOperatorKey } from '../../api/src/operator-key.ts'

/** The command was used wrongly; its text is for whoever typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface TenantRow {
  readonly id: string
  readonly slug: string
  readonly name: string
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** The operator, working for one tenant: may do everything there. */
export function operatorOf(tenantId: string): Actor {
  return {
    type: 'operator',
    id: 'operator',
    tenantId,
    identityId: null,
    scopes: new Set(scopes),
    authorities: new Set(['API']),
    expiresAt: null,
  }
}

/** The database of the settings, migrated; beside a running server the same one. */
export async function withDatabase<T>(work: (database: OpenDatabase, config: Config) => Promise<T>): Promise<T> {
  const config = new Config(withOperatorKey({ LOG_LEVEL: 'warn', ...process.env }, () => undefined))
  const database = await openDatabase(config, { join: true, log: (line) => void process.stderr.write(`${line}\n`) })
  try {
    return await work(database, config)
  } finally {
    await database.stop()
  }
}

/** The application without its HTTP side and its jobs, and the checks that a request's body would get. */
export function withApplication<T>(work: (app: INestApplicationContext, inputs: Inputs) => Promise<T>): Promise<T> {
  return withDatabase(async ({ url }, config) => {
    const app = await NestFactory.createApplicationContext(AppModule.on(config, new DatabaseAddress(url)), {
      logger: ['fatal', 'error', 'warn'],
      abortOnError: false,
    })
    try {
      return await work(app, new Inputs(app.get(TenantsService)))
    } finally {
      await app.close()
    }
  })
}

/** What was typed, as the services want it. */
export class Inputs {
  readonly #tenants: TenantsService
  readonly #pipe = new StrictValidationPipe()

  constructor(tenants: TenantsService) {
    this.#tenants = tenants
  }

  async createTenant(input: object): Promise<CreateTenant> {
    return (await this.#pipe.transform(input, { type: 'body', metatype: CreateTenant })) as CreateTenant
  }

  async createApiKey(input: object): Promise<CreateApiKey> {
    return (await this.#pipe.transform(input, { type: 'body', metatype: CreateApiKey })) as CreateApiKey
  }

  /** Every tenant, in pages behind the curtain. */
  tenants(): Promise<TenantRow[]> {
    return forTenant(operatorTenant, async () => {
      const rows: TenantRow[] = []
      let cursor: string | undefined
      do {
        const answer = await this.#tenants.list(operatorOf(operatorTenant), { limit: 250, ...(cursor && { cursor }) })
        const page = answer.toJSON() as { data: TenantRow[]; next_cursor: string | null }
        rows.push(...page.data)
        cursor = page.next_cursor ?? undefined
      } while (cursor)
      return rows
    })
  }

  async tenantId(slugOrId: string): Promise<string> {
    const wanted = parseId(slugOrId)
    const tenants = await this.tenants()
    const found = tenants.find(({ id, slug }) => slug === slugOrId || id === wanted)
    if (found) return found.id
    throw new UsageError(`No tenant has the slug ${slugOrId}; \`tenant list\` shows them`)
  }
}

import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImportService, OAuthClientsService, TenantsService } from '#directory'
import { operatorTenant, scopes, type Actor } from '#kernel'
import { forTenant, openContext, TokenService, type Config } from '#platform'
import { PoliciesService } from '#policy'
import {
  demoClientId,
  demoLines,
  demoPerson,
  demoPolicy,
  demoPolicyId,
  demoProfile,
  demoScopes,
  demoTenant,
} from './demo-data.ts'

const operator = (tenantId: string): Actor => ({
  type: 'operator',
  id: 'operator',
  tenantId,
  identityId: null,
  scopes: new Set(scopes),
  authorities: new Set(['API']),
  expiresAt: null,
})

interface DemoClient {
  readonly client_id: string
  readonly client_secret: string
}

interface DemoCredentials {
  readonly key: string
  /** Absent when the first start was cut off before it was made. */
  readonly client?: DemoClient
}

/**
 * Outside production an embedded database without tenants gets the demo tenant. While it stands, each start prints how to
 * ask the seed endpoints: its id, a key, a person's token, and the calls.
 */
export async function loadDemo(
  app: NestFastifyApplication,
  config: Config,
  url: string,
  log: (line: string) => void,
): Promise<void> {
  const file = join(config.dataDir, 'demo-credentials.json')
  await openContext(null, async () => {
    const credentials = await demoCredentials(app, file)
    if (credentials === null) return
    const { key, client } = credentials
    const token = await forTenant(demoTenant, () => app.get(TokenService).forPerson(demoTenant, demoPerson, demoScopes))
    const tenant = `--header 'X-Tenant-ID: ${demoTenant}'`
    const bearer = `--header 'Authorization: Bearer ${key}'`
    log(`demo tenant ${demoTenant}`)
    log(`demo key ${key}`)
    log(`demo token ${token}`)
    if (client) log(`demo client ${client.client_id}`)
    if (client) log(`demo secret ${client.client_secret}`)
    log(`curl '${url}/v1/grants?limit=50&status=active' --header 'X-API-Key: ${key}' ${tenant}`)
    log(`curl '${url}/v1/registry/profiles?limit=50&status=active' --header 'Authorization: Bearer ${token}' ${tenant}`)
    log(`curl '${url}/access-profiles?limit=50' ${bearer}`)
    log(`curl '${url}/access-profiles/${demoProfile}' ${bearer}`)
    log(`curl '${url}/api/private/lifecycle_management/access_profiles?entity_extra_info=true' ${bearer}`)
    if (client) {
      const form = new URLSearchParams({ grant_type: 'client_credentials', ...client }).toString()
      log(`curl '${url}/oauth/token' --data '${form}'`)
    }
  })
}

/** Those of the demo tenant, which is made once, before any other. They are shown once, so they are kept beside the data. */
async function demoCredentials(app: NestFastifyApplication, file: string): Promise<DemoCredentials | null> {
  const tenants = app.get(TenantsService)
  const actor = operator(operatorTenant)
  const asOperator = <T>(work: () => Promise<T>): Promise<T> => forTenant(operatorTenant, work)
  if (!existsSync(file)) {
    const { data } = (await asOperator(() => tenants.list(actor, { limit: 1 }))).toJSON() as { data: unknown[] }
    if (data.length > 0) return null
    const demo = { id: demoTenant, name: 'Demo', slug: 'demo' }
    const { api_key: key } = await asOperator(() => tenants.create(actor, demo))
    const keep = (made: DemoCredentials): void => writeFileSync(file, JSON.stringify(made), { mode: 0o600 })
    keep({ key })
    keep({ key, client: await fillDemo(app) })
  }
  const stands = await asOperator(() => tenants.get(actor, demoTenant)).then(
    () => true,
    () => false,
  )
  return stands ? (JSON.parse(readFileSync(file, 'utf8')) as DemoCredentials) : null
}

/** What the demo tenant holds, once it is there: the directory, grants, a policy, and the client that it gives. */
export async function fillDemo(app: NestFastifyApplication): Promise<DemoClient> {
  const actor = operator(demoTenant)
  return await forTenant(demoTenant, async () => {
    const report = await app.get(ImportService).run(actor, demoLines(new Date()), { atomic: true })
    if (report.total.failed > 0) throw new Error(`The demo does not import: ${JSON.stringify(report.failures)}`)
    await app.get(PoliciesService).create(actor, demoPolicy, demoPolicyId)
    const { client_id, client_secret } = await app.get(OAuthClientsService).issue(actor, {
      id: demoClientId,
      name: 'Tokens for a person of the demo',
      scopes: demoScopes,
      identity_id: demoPerson,
    })
    return { client_id, client_secret }
  })
}

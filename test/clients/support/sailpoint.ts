import { Configuration } from 'sailpoint-api-client'
import { scopes } from '#kernel'
import { TokenService } from '#platform'
import type { TestTenant, World } from '../../support/world.ts'

/** How the official client reaches a test server, with a token that it fetches by itself. */
export async function configurationOf(
  world: World,
  tenant: TestTenant,
  given?: readonly string[],
): Promise<Configuration> {
  const body = { name: `client ${Math.random()}`, ...(given && { scopes: given }) }
  const { status, text, body: client } = await tenant.admin.post('/v1/oauth-clients', body)
  if (status !== 201) throw new Error(`POST /v1/oauth-clients: ${status} ${text}`)
  const { client_id: clientId, client_secret: clientSecret } = client
  return configured(
    new Configuration({ baseurl: world.url, clientId, clientSecret, tokenUrl: `${world.url}/oauth/token` }),
  )
}

/** The same for a person of the tenant, with a token that it is given. */
export async function configurationFor(world: World, tenant: TestTenant, identityId: string): Promise<Configuration> {
  const accessToken = await world.app.get(TokenService).forPerson(tenant.id, identityId, scopes)
  return configured(new Configuration({ baseurl: world.url, accessToken }))
}

function configured(configuration: Configuration): Configuration {
  configuration.retriesConfig = { retries: 0 }
  configuration.experimental = true
  return configuration
}

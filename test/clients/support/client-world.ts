import { jest } from '@jest/globals'
import type { Configuration } from 'sailpoint-api-client'
import type { Json } from '../../support/client.ts'
import { startWorld, type TestTenant, type World } from '../../support/world.ts'
import { configurationOf } from './sailpoint.ts'

/** A server with a tenant, and how the official client reaches it with every scope. */
export interface ClientWorld {
  readonly world: World
  readonly acme: TestTenant
  readonly configuration: Configuration
  /** Posts under `/v1`; gives the id. */
  made(path: string, body: Json): Promise<string>
}

export async function startClientWorld(): Promise<ClientWorld> {
  // The client tells of every page that it asks for, and warns of each call that it calls experimental.
  jest.spyOn(console, 'log').mockImplementation(() => undefined)
  const world = await startWorld()
  const { acme } = world
  return {
    world,
    acme,
    configuration: await configurationOf(world, acme),
    made: async (path, body) => {
      const answer = await acme.admin.post(path, body)
      if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`)
      return answer.body['id'] as string
    },
  }
}

/** The id of nothing, as SailPoint writes ids. */
export const nowhere = '019a000000007000800000000000dead'

/** What the client wants to be told with each call of what it calls experimental. */
export const experimental = { xSailPointExperimental: 'true' }

import { TokenService } from '#platform'
import { startApp, type TestApp } from './app.ts'
import { Client, type Json } from './client.ts'
import type { TestDatabase } from './postgres.ts'

/** One tenant with a few people, and who speaks for it. */
export interface TestTenant {
  readonly id: string
  readonly slug: string
  /** Every scope, by API key. */
  readonly admin: Client
  readonly adminKey: string
  readonly people: Readonly<Record<'alice' | 'bob' | 'carol', string>>
  /** A signed-in person, by Bearer token. */
  as(name: 'alice' | 'bob' | 'carol'): Promise<Client>
}

/** Two tenants that must never see each other. */
export interface World extends TestApp {
  readonly acme: TestTenant
  readonly globex: TestTenant
}

export async function startWorld(settings: Record<string, string> = {}, shared?: TestDatabase): Promise<World> {
  const app = await startApp(settings, shared)
  return { ...app, acme: await newTenant(app, 'acme'), globex: await newTenant(app, 'globex') }
}

export async function newTenant(app: TestApp, slug: string): Promise<TestTenant> {
  const { body, status, text } = await app.operator.post('/v1/tenants', { name: slug, slug })
  if (status !== 201) throw new Error(`POST /v1/tenants: ${status} ${text}`)
  const id = body['id'] as string
  const adminKey = body['api_key'] as string
  const admin = new Client(app.url, { 'x-api-key': adminKey, 'x-tenant-id': id })
  const person = async (name: string): Promise<string> => {
    const made = await admin.post<Json>('/v1/identities', { name, email: `${name}@${slug}.example` })
    if (made.status !== 201) throw new Error(`POST /v1/identities: ${made.status} ${made.text}`)
    return made.body['id'] as string
  }
  const people = { alice: await person('alice'), bob: await person('bob'), carol: await person('carol') }
  const as = async (name: keyof typeof people): Promise<Client> => {
    const token = await app.app.get(TokenService).forPerson(id, people[name])
    return new Client(app.url, { authorization: `Bearer ${token}`, 'x-tenant-id': id })
  }
  return { id, slug, admin, adminKey, people, as }
}

/** Repeats until it holds; fails with the last reason at the deadline. */
export async function eventually<T>(check: () => Promise<T>, milliseconds = 30_000): Promise<T> {
  const deadline = Date.now() + milliseconds
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

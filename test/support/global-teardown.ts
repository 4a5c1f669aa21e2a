import { stopTestPostgres } from './test-server.ts'

export default async function teardown(): Promise<void> {
  await stopTestPostgres()
}

import { startTestPostgres } from './test-server.ts'

/** Before the first spec: one PostgreSQL for the run. Runs outside of jest's transforms: #name imports would reach dist/ here. */
export default async function setup(): Promise<void> {
  await startTestPostgres()
}

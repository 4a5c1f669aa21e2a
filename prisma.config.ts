import process from 'node:process'
import { defineConfig } from 'prisma/config'

// The CLI would download an engine binary it does not use to generate the client; any executable satisfies it.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath

export default defineConfig({ schema: 'prisma' })

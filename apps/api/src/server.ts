import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseAddress, fastifyAdapter, hardenServer, Jobs, openDatabase, type Config } from '#platform'
import { AppModule } from './app.module.ts'
import { loadDemo } from './demo.ts'
import { serveDocuments } from './openapi.ts'

const drainMs = 30_000

export interface Server {
  readonly url: string
  /** Finishes the requests under way, stops the jobs and the embedded database. */
  stop(): Promise<void>
}

/** The application, ready to listen: every route stands, nothing listens yet. */
export async function createApp(config: Config, databaseUrl: string): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.on(config, new DatabaseAddress(databaseUrl)),
    fastifyAdapter(config),
    {
      logger: config.logLevel === 'silent' ? false : ['fatal', 'error', 'warn'],
      bodyParser: false,
      abortOnError: false,
    },
  )
  await hardenServer(app)
  serveDocuments(app, config)
  await app.init()
  return app
}

/** Opens the database, starts the application and listens. */
export async function startServer(
  config: Config,
  options: { log: (line: string) => void; demo: boolean },
): Promise<Server> {
  const database = await openDatabase(config, { log: options.log })
  try {
    const app = await createApp(config, database.url)
    await app.listen(config.port, config.host)
    app.get(Jobs).start()
    const url = config.publicUrl ?? addressOf(app, config)
    if (options.demo && database.embedded && !config.production) await loadDemo(app, config, url, options.log)
    return {
      url,
      stop: async () => {
        await drain(app)
        await database.stop()
      },
    }
  } catch (error) {
    await database.stop()
    throw error
  }
}

/** Requests under way are finished; a client that does not take its answer is cut off in the end. */
async function drain(app: NestFastifyApplication): Promise<void> {
  const cut = setTimeout(() => (app.getHttpServer() as HttpServer).closeAllConnections(), drainMs)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}

function addressOf(app: NestFastifyApplication, config: Config): string {
  const address = app.getHttpServer().address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return `http://${host}:${address.port}`
}

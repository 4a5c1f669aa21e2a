import { Global, Logger, Module } from '@nestjs/common'
import { Database } from './database.ts'
import { DatabaseAddress } from './database-address.ts'
import { Config } from '../config/config.ts'

/** The one pool of the process, on the address that the start decided (a given server, or the embedded one). */
@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [Config, DatabaseAddress],
      useFactory: (config: Config, { url }: DatabaseAddress) => {
        const logger = new Logger('Database')
        return new Database({ url, poolSize: config.databasePoolSize, log: (error) => logger.warn(error.message) })
      },
    },
  ],
  exports: [Database],
})
export class DatabaseModule {}

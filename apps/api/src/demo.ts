import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Config } from '#platform'

export async function loadDemo(_app: NestFastifyApplication, _config: Config, _url: string, _log: (line: string) => void): Promise<void> {}

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { settings } from '#platform'

type Environment = Record<string, string | undefined>

/** Outside production an operator key is made at the first start, kept in DATA_DIR and printed; in production it must be set. */
export function withOperatorKey(environment: Environment, log: (line: string) => void): Environment {
  if (environment['NODE_ENV'] === 'production' || environment['OPERATOR_API_KEY']) return environment
  const key = keptKey(environment['DATA_DIR'] || settings.DATA_DIR.default)
  log(`operator key ${key}`)
  return { ...environment, OPERATOR_API_KEY: key }
}

function keptKey(dataDir: string): string {
  const file = join(dataDir, 'operator-key')
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(file, `castellan_operator_${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  }
  return readFileSync(file, 'utf8').trim()
}

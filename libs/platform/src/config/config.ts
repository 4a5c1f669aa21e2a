import { settings, type SettingName } from './settings.ts'

export class ConfigError extends Error {}

/** Every setting, read once at the start. Injected where it is needed; nothing else reads the environment. */
export class Config {
  readonly production: boolean
  readonly port: number
  readonly host: string
  readonly databaseUrl: string | null
  readonly migrationDatabaseUrl: string | null
  readonly databasePoolSize: number
  readonly dataDir: string
  readonly operatorApiKey: string | null
  readonly publicUrl: string | null
  readonly logLevel: string
  /** Requests a minute for one credential. */
  readonly rateLimit: number
  readonly maxBodyBytes: number
  readonly maxImportBytes: number
  readonly requestTimeoutMs: number
  readonly tokenLifetimeSeconds: number
  readonly expiryIntervalMs: number
  /** Access profiles in a page of the SailPoint dialect, at most: under its versions, and under the path without one. */
  readonly sailpointListLimit: number
  readonly sailpointSeedListLimit: number
  /** From 0 (none) to 1 (all). */
  readonly decisionSample: number
  readonly decisionRetentionDays: number
  readonly allowPrivateHosts: boolean
  readonly trustProxy: boolean

  /** @throws ConfigError with one line that names the setting and what it wants. */
  constructor(environment: Record<string, string | undefined>) {
    const production = environment['NODE_ENV'] === 'production'
    const text = (name: SettingName): string | null => environment[name]?.trim() || null
    const whole = (name: SettingName, minimum: number, maximum: number): number => {
      const given = text(name) ?? settings[name].default
      const value = Number(given)
      if (!Number.isInteger(value) || value < minimum || value > maximum) {
        throw new ConfigError(`${name} must be a whole number from ${minimum} to ${maximum}, not "${given}"`)
      }
      return value
    }
    const part = (name: SettingName): number => {
      const given = text(name) ?? settings[name].default
      const value = Number(given)
      if (!(value >= 0 && value <= 1)) throw new ConfigError(`${name} must be a number from 0 to 1, not "${given}"`)
      return value
    }
    const url = (name: SettingName, ...schemes: string[]): string | null => {
      const given = text(name)
      if (given !== null && !schemes.some((scheme) => URL.canParse(given) && given.startsWith(`${scheme}://`))) {
        throw new ConfigError(`${name} must be a URL that starts with ${schemes.join(':// or ')}://`)
      }
      return given
    }
    const flag = (name: SettingName): boolean => {
      const given = text(name) ?? settings[name].default
      if (given !== 'true' && given !== 'false') throw new ConfigError(`${name} must be true or false, not "${given}"`)
      return given === 'true'
    }

    this.production = production
    this.port = whole('PORT', 0, 65535)
    this.host = text('HOST') ?? (production ? '0.0.0.0' : '127.0.0.1')
    this.databaseUrl = url('DATABASE_URL', 'postgresql', 'postgres')
    this.migrationDatabaseUrl = url('MIGRATION_DATABASE_URL', 'postgresql', 'postgres')
    this.databasePoolSize = whole('DATABASE_POOL_SIZE', 2, 1000)
    this.dataDir = text('DATA_DIR') ?? settings.DATA_DIR.default
    this.operatorApiKey = text('OPERATOR_API_KEY')
    this.publicUrl = url('PUBLIC_URL', 'http', 'https')?.replace(/\/+$/, '') ?? null
    this.logLevel = text('LOG_LEVEL') ?? settings.LOG_LEVEL.default
    this.rateLimit = whole('RATE_LIMIT', 1, 1_000_000_000)
    this.maxBodyBytes = whole('MAX_BODY_BYTES', 1024, 64 * 1024 * 1024)
    this.maxImportBytes = whole('MAX_IMPORT_BYTES', 1024, 16 * 1024 ** 3)
    this.requestTimeoutMs = whole('REQUEST_TIMEOUT_MS', 1000, 3_600_000)
    this.tokenLifetimeSeconds = whole('TOKEN_LIFETIME_SECONDS', 60, 86_400)
    this.expiryIntervalMs = whole('EXPIRY_INTERVAL_MS', 100, 3_600_000)
    this.sailpointListLimit = whole('SAILPOINT_LIST_LIMIT', 1, 250)
    this.sailpointSeedListLimit = whole('SAILPOINT_SEED_LIST_LIMIT', 1, 250)
    this.decisionSample = part('DECISION_SAMPLE')
    this.decisionRetentionDays = whole('DECISION_RETENTION_DAYS', 1, 3650)
    this.allowPrivateHosts = flag('ALLOW_PRIVATE_HOSTS')
    this.trustProxy = flag('TRUST_PROXY')

    const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
    if (!levels.includes(this.logLevel)) throw new ConfigError(`LOG_LEVEL must be one of ${levels.join(', ')}`)
    if (this.operatorApiKey !== null && this.operatorApiKey.length < 24) {
      throw new ConfigError(
        'OPERATOR_API_KEY must have at least 24 characters; `openssl rand -base64 32` makes a good one',
      )
    }
    if (production && this.operatorApiKey === null) {
      throw new ConfigError('OPERATOR_API_KEY is required in production; `openssl rand -base64 32` makes a good one')
    }
    if (production && this.publicUrl === null) {
      throw new ConfigError('PUBLIC_URL is required in production: the address under which clients reach this server')
    }
  }
}

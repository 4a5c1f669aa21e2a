/** Every setting: what stands in the README, what `castellan config` lists and what Config reads. */
export const settings = {
  PORT: { default: '3000', meaning: 'The port to listen on; 0 takes a free one' },
  HOST: { default: '127.0.0.1', meaning: 'The address to listen on; 0.0.0.0 in production' },
  DATABASE_URL: {
    default: '',
    meaning: 'PostgreSQL 15 or later. Not set: an embedded PostgreSQL 18 in DATA_DIR',
    secret: true,
  },
  MIGRATION_DATABASE_URL: {
    default: '',
    meaning: 'The same database as a role that owns the schema, when DATABASE_URL logs in as one that does not',
    secret: true,
  },
  DATABASE_POOL_SIZE: { default: '10', meaning: 'Connections to the database that one process keeps at most' },
  DATA_DIR: { default: '.castellan', meaning: 'The folder of the embedded database; one process at a time' },
  OPERATOR_API_KEY: {
    default: '',
    meaning: "The operator's key, 24 characters or more; required in production, made and kept in DATA_DIR otherwise",
    secret: true,
  },
  PUBLIC_URL: {
    default: '',
    meaning:
      'The address under which clients reach this server, issuer of its tokens; http://HOST:PORT outside production',
  },
  NODE_ENV: { default: 'development', meaning: 'production: no demo tenant, no secrets made up, HOST 0.0.0.0' },
  LOG_LEVEL: {
    default: 'info',
    meaning: 'fatal, error, warn, info, debug, trace or silent; JSON lines on standard error',
  },
  RATE_LIMIT: { default: '30000', meaning: 'Requests a minute that one credential may send to one process' },
  MAX_BODY_BYTES: { default: '1048576', meaning: 'Largest body of a request, in bytes' },
  MAX_IMPORT_BYTES: { default: '1073741824', meaning: 'Largest body of an import, in bytes' },
  REQUEST_TIMEOUT_MS: {
    default: '60000',
    meaning: 'How long a request may take to arrive, and an import may pause, in milliseconds',
  },
  TOKEN_LIFETIME_SECONDS: { default: '3600', meaning: 'How long an access token of POST /oauth/token is good for' },
  EXPIRY_INTERVAL_MS: {
    default: '5000',
    meaning: 'How often ended grants are written down and their events sent out, in milliseconds',
  },
  SAILPOINT_LIST_LIMIT: {
    default: '250',
    meaning: "The largest page of access profiles under the versions of SailPoint's API, also the usual one; 1 to 250",
  },
  SAILPOINT_SEED_LIST_LIMIT: {
    default: '50',
    meaning: 'The same under /access-profiles without a version, whose clients know 50',
  },
  DECISION_SAMPLE: {
    default: '1',
    meaning: 'The part of the decisions of policies that is recorded, from 0 (none) to 1 (all)',
  },
  DECISION_RETENTION_DAYS: { default: '30', meaning: 'How long recorded decisions are kept' },
  ALLOW_PRIVATE_HOSTS: {
    default: 'false',
    meaning: 'true: keys of identity providers and webhooks may lie at private or loopback addresses, and at http ones',
  },
  TRUST_PROXY: {
    default: 'false',
    meaning:
      'true: one proxy in front sets X-Forwarded-Proto and adds the address of the client to X-Forwarded-For, as the last one',
  },
} as const satisfies Record<string, { default: string; meaning: string; secret?: true }>

export type SettingName = keyof typeof settings

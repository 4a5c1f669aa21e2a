import { personScopes, type Scope } from '#kernel'

/** The tenant of the seeds' examples. */
export const demoTenant = '2489e9ad-2ee2-8e00-8ec9-32d5f69181c0'

const demoId = (number: number): string => `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`

/** Who the printed token speaks for. */
export const demoPerson = demoId(1)

/** What it may do: what signed-in people may, and keep personal access tokens. */
export const demoScopes: readonly Scope[] = [...personScopes, 'oauth_clients:own', 'identities:public']

/** The OAuth client that gets tokens for that person. */
export const demoClientId = demoId(700)

/** One that anybody can ask for. */
export const demoProfile = demoId(500)

const people = [
  'ada',
  'grace',
  'alan',
  'edsger',
  'barbara',
  'donald',
  'radia',
  'tim',
  'margaret',
  'ken',
  'frances',
  'leslie',
]

const accounts = [
  { id: '123456789012', name: 'production' },
  { id: '210987654321', name: 'sandbox' },
]

const permissionSets = ['AdministratorAccess', 'ReadOnlyAccess', 'DatabaseOperator']

export const demoPolicyId = demoId(600)

/** Who may ask for what there. */
export const demoPolicy = {
  name: 'Who may ask for what',
  description: 'Everybody may look; the sandbox is open to all; production is for the platform group, with a ticket',
  max_duration_seconds: 28_800,
  default_duration_seconds: 3600,
  cedar_policy_set: `@notice("Sessions in production are recorded")
permit (principal in Group::"${demoId(300)}", action == Action::"request_access", resource in AwsAccount::"123456789012")
when { context has ticket };

@notice("Looking changes nothing, and is logged")
permit (principal, action == Action::"request_access", resource in AccessProfile::"${demoProfile}");

permit (principal, action == Action::"auto_approve", resource in AwsAccount::"210987654321");`,
}

const day = 86_400_000

/** A dozen people, an AWS organization of two accounts, and grants in every state, seen from `now`: an import file. */
export async function* demoLines(now: Date): AsyncGenerator<string> {
  for (const line of lines(now)) yield `${JSON.stringify(line)}\n`
}

function lines(now: Date): object[] {
  const at = (days: number): string => new Date(now.getTime() + days * day).toISOString()
  return [
    ...people.map((name, index) => ({
      type: 'identity',
      external_id: name,
      id: demoId(index + 1),
      name: `${name[0]?.toUpperCase()}${name.slice(1)}`,
      email: `${name}@demo.example`,
      manager: index === 0 ? null : people[Math.floor((index - 1) / 3)],
    })),
    {
      type: 'source',
      external_id: 'demo-aws',
      id: '019a0000-0000-7000-8000-000000000100',
      name: 'Demo AWS organization',
      connector: 'aws',
      owner: 'ada',
      aws: { sso_start_url: 'https://demo.awsapps.com/start', sso_region: 'eu-central-1', accounts },
    },
    {
      type: 'group',
      external_id: 'platform',
      id: demoId(300),
      name: 'Platform',
      description: 'Runs production',
      members: people.slice(0, 5),
    },
    {
      type: 'group',
      external_id: 'data',
      id: demoId(301),
      name: 'Data',
      description: 'Asks questions',
      members: people.slice(5),
    },
    { type: 'segment', external_id: 'engineering', id: demoId(400), name: 'Engineering', active: true },
    ...accounts.flatMap((account, a) =>
      permissionSets.map((name, p) => ({
        type: 'entitlement',
        external_id: `${account.id}/${name}`,
        id: demoId(200 + a * 10 + p),
        source: 'demo-aws',
        name,
        attribute: 'permission_set',
        value: permissionSetArn(p),
        privileged: p === 0,
        resource: { type: 'aws_permission_set', id: permissionSetArn(p) },
        action: 'assume',
        attributes: { account_id: account.id },
      })),
    ),
    ...accessProfiles(),
    ...grants(at),
  ]
}

function accessProfiles(): object[] {
  const [production = '', sandbox = ''] = accounts.map(({ id }) => id)
  const byGroup = (group: string): object[] => [
    { approver_type: 'MANAGER' },
    { approver_type: 'GOVERNANCE_GROUP', group },
  ]
  return [
    {
      name: 'Looking at production',
      description: 'Read-only access to production and sandbox',
      entitlements: [`${production}/ReadOnlyAccess`, `${sandbox}/ReadOnlyAccess`],
      labels: ['read-only'],
      approval_schemes: [{ approver_type: 'MANAGER' }],
    },
    {
      name: 'On call for databases',
      description: 'What whoever is on call for the databases needs',
      entitlements: [`${production}/DatabaseOperator`],
      inherits: ['demo-profile-1'],
      labels: ['on-call', 'databases'],
      approval_schemes: byGroup('platform'),
    },
    {
      name: 'Platform administration',
      description: 'Administration of both accounts, never by request',
      entitlements: [`${production}/AdministratorAccess`, `${sandbox}/AdministratorAccess`],
      requestable: false,
      labels: ['privileged'],
      approval_schemes: byGroup('platform'),
    },
  ]
    .map((fields, index): object => ({
      type: 'access_profile',
      external_id: `demo-profile-${index + 1}`,
      id: demoId(500 + index),
      owner: 'ada',
      source: 'demo-aws',
      segments: [],
      ...fields,
    }))
    .concat(
      ['grace', 'alan', 'margaret'].map((identity) => ({
        type: 'assignment',
        access_profile: 'demo-profile-2',
        identity,
      })),
    )
}

function grants(at: (days: number) => string): object[] {
  const [production = '', sandbox = ''] = accounts.map(({ id }) => id)
  const rows: {
    who: string
    entitlement?: string
    resource?: object
    action?: string
    from: number
    to: number | null
    revoked?: number
  }[] = [
    { who: 'ada', entitlement: `${production}/ReadOnlyAccess`, from: -3, to: 27 },
    { who: 'ada', entitlement: `${sandbox}/AdministratorAccess`, from: -3, to: null },
    { who: 'ada', entitlement: `${production}/AdministratorAccess`, from: -9, to: -8 },
    { who: 'grace', entitlement: `${production}/AdministratorAccess`, from: -0.1, to: 1 },
    { who: 'grace', entitlement: `${production}/ReadOnlyAccess`, from: -60, to: -30 },
    { who: 'alan', entitlement: `${production}/DatabaseOperator`, from: -20, to: 10, revoked: -2 },
    { who: 'alan', entitlement: `${sandbox}/ReadOnlyAccess`, from: -1, to: 364 },
    { who: 'edsger', resource: { type: 'aws_account', id: sandbox }, action: 'ReadOnlyAccess', from: -5, to: 25 },
    { who: 'barbara', resource: { type: 'aws_s3_bucket', id: 'quarterly-reports' }, action: 'read', from: -5, to: 2 },
    {
      who: 'donald',
      resource: { type: 'aws_rds_instance', id: `arn:aws:rds:eu-central-1:${production}:db:orders` },
      action: 'connect',
      from: -1,
      to: 1,
    },
    {
      who: 'radia',
      resource: { type: 'aws_ec2_instance', id: 'i-0abc1234def567890' },
      action: 'ssm',
      from: -2,
      to: -1,
    },
    {
      who: 'tim',
      resource: { type: 'aws_organizational_unit', id: 'ou-ab12-11111111' },
      action: 'read',
      from: -10,
      to: 80,
    },
    { who: 'margaret', entitlement: `${production}/DatabaseOperator`, from: -4, to: 3, revoked: -3 },
    { who: 'ken', entitlement: `${sandbox}/AdministratorAccess`, from: -30, to: null, revoked: -1 },
    { who: 'leslie', entitlement: `${production}/ReadOnlyAccess`, from: 7, to: 14 },
  ]
  return rows.map(({ who, entitlement, resource, action, from, to, revoked }, index) => ({
    type: 'grant',
    external_id: `demo-${index + 1}`,
    id: demoId(1000 + index),
    grantee_id: who,
    ...(entitlement && { entitlement }),
    ...(resource && { resource, action }),
    granted_at: at(Math.min(from, 0)),
    starts_at: at(from),
    expires_at: to === null ? null : at(to),
    ...(revoked !== undefined && { revoked_at: at(revoked) }),
  }))
}

function permissionSetArn(number: number): string {
  return `arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-000000000000000${number + 1}`
}

export type DeclarationKind = 'entity' | 'type' | 'action'

/** One declaration of the built-in schema, so that a tenant's own text can take its place while it is parsed. */
export interface Declaration {
  readonly kind: DeclarationKind
  readonly name: string
  readonly text: string
}

/** Counts the changes of what stands below; the schema's answer tells it beside the tenant's own version. */
export const builtInVersion = 1

const entity = (name: string, rest: string): Declaration => ({ kind: 'entity', name, text: `entity ${name}${rest};` })
const type = (name: string, is: string): Declaration => ({ kind: 'type', name, text: `type ${name} = ${is};` })

const targets = [
  'Entitlement',
  'AwsOrganizationalUnit',
  'AwsAccount',
  'AwsPermissionSet',
  'AwsS3Bucket',
  'AwsRdsInstance',
  'AwsEc2Instance',
]

const action = (name: string, ...resources: string[]): Declaration => ({
  kind: 'action',
  name,
  text: `action ${name} appliesTo { principal: [User], resource: [${resources.join(', ')}], context: RequestContext };`,
})

/** What gives an AWS resource is what it is in; `entitlement` is the one that is asked for, when there is one. */
const aws = (name: string, ...within: string[]): Declaration =>
  entity(
    name,
    ` in [${[...within, 'Entitlement', 'Source', 'AccessProfile'].join(', ')}] = { entitlement?: Entitlement }`,
  )

/**
 * What every tenant's policies can speak of; docs/policies.md explains it. A tenant adds to it and changes nothing of it.
 * An attribute without a question mark is always there; the others want `has`.
 */
export const builtIn: readonly Declaration[] = [
  entity(
    'User',
    ' in [Group] = { name: String, email?: String, external_id?: String, manager?: User, lifecycle_state: String } tags String',
  ),
  entity('Group', ' = { name?: String }'),
  entity('Source', ' = { name?: String, connector?: String, owner?: User }'),
  entity('AccessProfile', ' in [Source] = { name?: String, owner?: User, labels?: Set<String> }'),
  entity(
    'Entitlement',
    ' in [Source, AccessProfile] = { name?: String, action?: String, privileged?: Bool, source?: Source }',
  ),
  aws('AwsOrganizationalUnit', 'AwsOrganizationalUnit'),
  aws('AwsAccount', 'AwsOrganizationalUnit'),
  aws('AwsPermissionSet', 'AwsAccount'),
  aws('AwsS3Bucket', 'AwsAccount'),
  aws('AwsRdsInstance', 'AwsAccount'),
  aws('AwsEc2Instance', 'AwsAccount'),
  type('Ticket', '{ provider: String, id: String, url?: String }'),
  type(
    'RequestContext',
    '{ time: datetime, reason?: String, ticket?: Ticket, duration_seconds?: Long, network_address?: ipaddr, mfa_age_seconds?: Long, requested_action?: String }',
  ),
  ...['request_access', 'auto_approve', 'approve', 'extend', 'revoke', 'break_glass'].map((name) =>
    action(name, 'AccessProfile', ...targets),
  ),
  ...['assume', 'read', 'write', 'admin'].map((name) => action(name, ...targets)),
]

export const builtInText = builtIn.map(({ text }) => text).join('\n')

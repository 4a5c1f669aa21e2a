import type { Json } from '../support/client.ts'

/** A profile of the file, as far as it can be found by; known without asking the server. */
export interface ImportedProfile {
  readonly name: string
  readonly labels: readonly string[]
  readonly integrations: readonly string[]
  /** The external ids of its sources. */
  readonly sources: readonly string[]
}

const organizations = ['kubernetes', 'kubernetes-sigs', 'kubernetes-csi', 'etcd-io']
const roles = ['admin', 'maintain', 'write']
const teamsOfEach = 30
const accounts = 12

/** Lines of an import in the form of the Kubernetes project's organization: teams on GitHub, read-only access to accounts of AWS. */
export function organization(): Json[] {
  const people = Array.from({ length: 20 }, (_, n) => ({
    type: 'identity', external_id: `p-${n}`, name: `p-${n}`, email: `p-${n}@example.com`, attributes: { orgs: [organizations[n % 4]] },
  }))
  const github = organizations.map((name) => ({
    type: 'source', external_id: `github:${name}`, name: `GitHub ${name}`, connector: 'github', owner: 'p-0',
  }))
  const aws = { type: 'source', external_id: 'aws', name: 'AWS organization', connector: 'aws', owner: 'p-1' }
  const teams = organizations.flatMap((name) => Array.from({ length: teamsOfEach }, (_, n) => teamOf(name, n)).flat())
  const readers = Array.from({ length: accounts }, (_, n) => readersOf(String(100_000_000_000 + n * 37))).flat()
  return [...people, ...github, aws, ...teams, ...readers]
} // prettier-ignore

/** What a test knows of the profiles of the lines. */
export function importedProfiles(lines: readonly Json[]): ImportedProfile[] {
  const of = (type: string): Json[] => lines.filter((line) => line['type'] === type)
  const connectors = new Map(of('source').map((each) => [each['external_id'], each['connector'] as string]))
  const sourceOf = new Map(of('entitlement').map((each) => [each['external_id'], each['source'] as string]))
  return of('access_profile').map(({ name, labels, entitlements }) => {
    const sources = [...new Set((entitlements as string[]).map((each) => sourceOf.get(each) ?? ''))]
    const integrations = [...new Set(sources.map((each) => (connectors.get(each) ?? '').toUpperCase()))]
    return { name: name as string, labels: labels as string[], integrations, sources }
  })
}

function teamOf(account: string, n: number): Json[] {
  const [name, role] = [`${account}/team-${n}`, roles[n % 3] as string]
  const entitlements = Array.from({ length: n % 7 === 0 ? 3 : 1 }, (_, repository) => ({
    type: 'entitlement', external_id: `github:${name}-${repository}:${role}`, source: `github:${account}`,
    name: `${name}-${repository}: ${role}`, attribute: 'repository', value: `team-${n}-${repository}`, action: role,
  }))
  const members = [`p-${n % 20}`, `p-${(n + 7) % 20}`]
  return [
    ...entitlements,
    { type: 'group', external_id: `team:${name}`, name, members },
    {
      type: 'access_profile', external_id: `team:${name}`, name, description: `The team ${name}`, owner: `p-${n % 20}`,
      source: `github:${account}`, entitlements: entitlements.map(({ external_id }) => external_id), enabled: true,
      requestable: true, labels: ['closed'], inherits: [],
      approval_schemes: [{ approver_type: 'MANAGER' }, { approver_type: 'GOVERNANCE_GROUP', group: `team:${name}` }],
    },
    ...members.map((identity) => ({ type: 'assignment', access_profile: `team:${name}`, identity })),
  ]
} // prettier-ignore

function readersOf(account: string): Json[] {
  const entitlements = ['ReadOnlyAccess', 'SecurityAudit'].map((policy, n) => {
    const value = `arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-${account}000${n}`
    return {
      type: 'entitlement', external_id: `aws:${account}/${policy}`, source: 'aws', name: policy, attribute: 'permission_set',
      value, action: 'assume', attributes: { account_id: account }, resource: { type: 'aws_permission_set', id: value },
    }
  })
  return [
    ...entitlements,
    {
      type: 'access_profile', external_id: `aws:${account}:read-only`, name: `AWS ${account} read only`, owner: 'p-1', source: 'aws',
      entitlements: entitlements.map(({ external_id }) => external_id), enabled: true, requestable: true,
      labels: ['aws', 'read-only'], inherits: [], approval_schemes: [],
    },
  ]
} // prettier-ignore

/** What may be done to what. A scope is `resource:action`; a route asks for one, a credential carries some. */
export const permissions = {
  grants: {
    read: "Read every person's grants",
    write: 'Create, extend and revoke grants',
    own: 'Read and give back the grants of the signed-in person',
  },
  registry: { read: 'Read the profiles that the signed-in person holds or may ask for' },
  identities: {
    read: 'Read identities',
    write: 'Create, change and delete identities',
    public: 'Look people up: their names, e-mail addresses and managers',
  },
  groups: { read: 'Read groups and their members', write: 'Create, change and delete groups and memberships' },
  sources: { read: 'Read sources', write: 'Create, change and delete sources' },
  entitlements: { read: 'Read entitlements', write: 'Create, change and delete entitlements' },
  segments: { read: 'Read segments', write: 'Create, change and delete segments' },
  access_profiles: {
    read: 'Read access profiles, their versions and members',
    write: 'Create, change, publish and delete access profiles, and their members',
  },
  policies: {
    read: 'Read policies, their versions and their decisions',
    write: 'Create, change and delete policies',
    evaluate: 'Ask what the policies decide',
  },
  imports: {
    write:
      'Write the whole directory and all grants, by importing them: needs none of the other scopes; of a person the authority ORG_ADMIN',
  },
  tasks: { read: 'Read what became of tasks' },
  audit: { read: 'Read and verify the audit log' },
  webhooks: { read: 'Read webhooks and their deliveries', write: 'Create, change and delete webhooks, deliver again' },
  api_keys: { read: 'List API keys', write: 'Create and revoke API keys' },
  oauth_clients: {
    read: 'List OAuth clients',
    write: 'Create and revoke OAuth clients',
    own: 'Make, change and revoke the personal access tokens of the signed-in person',
    read_own: 'List the personal access tokens of the signed-in person',
  },
  oidc_issuers: {
    read: "List the tenant's identity providers",
    write: "Add and remove the tenant's identity providers",
  },
} as const satisfies Record<string, Record<string, string>>

type Permissions = typeof permissions

/** One scope, such as `grants:read`. */
export type Scope = { [R in keyof Permissions]: `${R}:${keyof Permissions[R] & string}` }[keyof Permissions]

/** Every scope, in the order of the table. */
export const scopes: readonly Scope[] = Object.entries(permissions).flatMap(([resource, actions]) =>
  Object.keys(actions).map((action) => `${resource}:${action}` as Scope),
)

/** What a person may do who signed in through the tenant's own identity provider, unless that provider is given more. */
export const personScopes: readonly Scope[] = ['grants:own', 'registry:read']

const known: ReadonlySet<string> = new Set(scopes)

export function isScope(text: string): text is Scope {
  return known.has(text)
}

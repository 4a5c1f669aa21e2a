import type { ProfileView } from './profiles.dto.ts'

/** One account and permission set that a person holds, with what its source says about signing in. */
export interface HeldAccess {
  readonly account_id: string
  /** The account's name as a part of a section's name, told apart from other accounts of the person; its id without a name. */
  readonly account_label: string
  readonly role_name: string
  readonly sso_start_url: string | null
  readonly sso_region: string | null
}

// A line break forges a line of the file; `{{` is run as a template by the client.
const unsafe = /\p{Cc}|\{\{/u

/**
 * The profile of an access, held now or to be asked for: what the granted CLI writes into ~/.aws/config, a section's name and
 * its keys in order (grants-and-registry, section 3). Null when it cannot be said without breaking the client's file.
 */
export function profileOf(
  { account_id, account_label, role_name, sso_start_url, sso_region }: HeldAccess,
  standing: Pick<ProfileView, 'status' | 'approval_mode'>,
): ProfileView | null {
  // `account-name/role-name` is the form of granted's own generator.
  const section = `${account_label}/${role_name}`
  const attributes = [
    ['granted_sso_start_url', sso_start_url],
    ['granted_sso_region', sso_region],
    ['granted_sso_account_id', account_id],
    ['granted_sso_role_name', role_name],
    ['credential_process', `granted credential-process --profile ${section}`],
  ].flatMap(([key, value]) => (key && value ? [{ key, value }] : []))
  if (attributes.some(({ value }) => unsafe.test(value))) return null
  return { name: `profile ${section}`, attributes, ...standing }
}

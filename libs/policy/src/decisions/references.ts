import { parseId } from '#kernel'
import type { EntityRef } from '../engine/cedar.ts'

/** Our words for types, as grants and audit entries use them, and Cedar's. */
const cedarTypes: Readonly<Record<string, string>> = {
  user: 'User',
  identity: 'User',
  group: 'Group',
  source: 'Source',
  entitlement: 'Entitlement',
  access_profile: 'AccessProfile',
  aws_account: 'AwsAccount',
  aws_permission_set: 'AwsPermissionSet',
  aws_s3_bucket: 'AwsS3Bucket',
  aws_rds_instance: 'AwsRdsInstance',
  aws_ec2_instance: 'AwsEc2Instance',
  aws_organizational_unit: 'AwsOrganizationalUnit',
}

const ourTypes = new Map(Object.entries(cedarTypes).map(([ours, cedars]) => [cedars, ours]))
const typesWithIds = new Set(['User', 'Group', 'Source', 'Entitlement', 'AccessProfile'])

const typeName = '[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)*'
const literal = new RegExp(`^(${typeName})::"((?:[^"\\\\]|\\\\.)*)"$`, 's')
const pair = new RegExp(`^(${typeName}):(?!:)(.+)$`, 's')

/** What a text that names an entity looks like: `user:0199…`, `AWS::Account:1234` or `User::"0199…"`. */
export const referencePattern = `^${typeName}(?::(?!:).+|::"(?:[^"\\\\]|\\\\.)*")$`

/** The entity that a text or `{type, id}` names, or null. A type is one of ours or Cedar's. */
export function readReference(given: string | EntityRef): EntityRef | null {
  if (typeof given !== 'string') return entityRef(given.type, given.id)
  const cedars = literal.exec(given)
  if (cedars) return entityRef(cedars[1] ?? '', unescaped(cedars[2] ?? ''))
  const ours = pair.exec(given)
  return ours && entityRef(ours[1] ?? '', ours[2] ?? '')
}

/** An action: its id alone is of the type `Action`. */
export function readAction(given: string | EntityRef): EntityRef {
  if (typeof given !== 'string') return { type: given.type === 'action' ? 'Action' : given.type, id: given.id }
  const read = readReference(given)
  if (read && /^(?:.*::)?action$/i.test(read.type)) return { ...read, type: read.type.replace(/action$/, 'Action') }
  return { type: 'Action', id: given }
}

/** A group: any text that does not name one in another way is its id or its name, also one with colons in it. */
export function readGroup(given: string | EntityRef): EntityRef {
  const read = readReference(given)
  return read === null || (typeof given === 'string' && read.type !== 'Group')
    ? entityRef('Group', String(given))
    : read
}

export function entityRef(type: string, id: string): EntityRef {
  const cedars = cedarType(type)
  return { type: cedars, id: typesWithIds.has(cedars) ? (parseId(id) ?? id) : id }
}

/** `aws_account` is `AwsAccount`; a type of the tenant's own is read the same way, `github_repository` as `GithubRepository`. */
export function cedarType(type: string): string {
  const known = Object.hasOwn(cedarTypes, type) ? cedarTypes[type] : undefined
  if (known !== undefined) return known
  return /^[a-z][a-z0-9_]*$/.test(type)
    ? type.replaceAll(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : type
}

/** The type of a resource as grants and entitlements write it, or null for a type that they do not have. */
export function resourceType(cedars: string): string | null {
  return ourTypes.get(cedars) ?? null
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1')
}

/** The same without our words for types: for questions about a set that has types of its own. */
export function readVerbatim(given: string | EntityRef): EntityRef | null {
  if (typeof given !== 'string') return given
  const cedars = literal.exec(given)
  if (cedars) return { type: cedars[1] ?? '', id: unescaped(cedars[2] ?? '') }
  const parts = pair.exec(given)
  return parts && { type: parts[1] ?? '', id: parts[2] ?? '' }
}

export function readVerbatimAction(given: string | EntityRef): EntityRef {
  if (typeof given !== 'string') return given
  const read = readVerbatim(given)
  return read && /^(?:.*::)?Action$/.test(read.type) ? read : { type: 'Action', id: given }
}

import { DomainError } from '#kernel'
import type { FieldReason } from '#platform'
import type { AccessProfile } from './access-profiles.dto.ts'
import { longestDescription } from './access-profiles.dto.ts'
import { namedApprovers, type ApprovalScheme } from './request-config.dto.ts'

/** The fields of a profile that the rules below speak of. */
type Ruled = Pick<
  AccessProfile,
  'description' | 'provisioning_criteria' | 'request_config' | 'revocation_config' | 'additional_owners'
>

/**
 * A node of provisioning criteria, in the form that is kept:
 *
 *   OR ─┬─ AND ─┬─ CONTAINS dn "useast"
 *       │       └─ EQUALS department "data"
 *       └─ HAS manager
 */
export interface Criterion {
  readonly operation: string
  readonly attribute: string | null
  readonly value: string | null
  readonly children: readonly Criterion[] | null
}

/** How many profiles one request may name. */
const bulkLimit = 50

const comparisons: readonly unknown[] = ['EQUALS', 'NOT_EQUALS', 'CONTAINS']
const junctions: readonly unknown[] = ['AND', 'OR']
const members: readonly string[] = ['operation', 'attribute', 'value', 'children']
const deepest = 3

export function wrongField(field: string, message: string, reason?: FieldReason): DomainError {
  return new DomainError('invalid_body', message, { fields: [{ field, message, ...(reason && { reason }) }] })
}

/** @throws DomainError `invalid_body` for too many */
export function limited(ids: readonly string[]): readonly string[] {
  if (ids.length > bulkLimit) throw new DomainError('invalid_body', `At most ${bulkLimit} profiles at once`)
  return ids
}

/**
 * The rules of a profile that need no database, for the fields that differ from before: what was stored under older rules
 * stays until it is changed. Gives the fields in the form that is kept. @throws DomainError `invalid_body`
 */
export function checkedFields<P extends Partial<Ruled>>(changed: P): P {
  const { description, provisioning_criteria, request_config, revocation_config } = changed
  if (typeof description === 'string' && description.length > longestDescription)
    throw wrongField('description', `description must not be longer than ${longestDescription} characters`, 'too_long')
  checkSchemes('request_config', request_config?.approval_schemes)
  checkSchemes('revocation_config', revocation_config?.approval_schemes)
  return {
    ...changed,
    ...(provisioning_criteria && {
      provisioning_criteria: checkedCriterion(provisioning_criteria, 'provisioning_criteria', 1),
    }),
    ...(request_config && { request_config: wholeRequestConfig(request_config) }),
    ...(revocation_config && {
      revocation_config: { approval_schemes: wholeSchemes(revocation_config.approval_schemes) },
    }),
  }
}

function wholeRequestConfig(config: NonNullable<Ruled['request_config']>): NonNullable<Ruled['request_config']> {
  return {
    comments_required: config.comments_required ?? null,
    denial_comments_required: config.denial_comments_required ?? null,
    reauthorization_required: config.reauthorization_required ?? null,
    require_end_date: config.require_end_date ?? null,
    max_duration: config.max_duration ?? null,
    form_definition_id: config.form_definition_id ?? null,
    approval_schemes: wholeSchemes(config.approval_schemes),
  }
}

function wholeSchemes(schemes: readonly ApprovalScheme[] | null | undefined): ApprovalScheme[] | null {
  return schemes?.map(({ approver_type, approver_id = null }) => ({ approver_type, approver_id })) ?? null
}

function checkSchemes(config: string, schemes: readonly ApprovalScheme[] | null | undefined): void {
  for (const [index, { approver_type, approver_id = null }] of (schemes ?? []).entries()) {
    const field = `${config}.approval_schemes.${index}.approver_id`
    const named = (namedApprovers as readonly string[]).includes(approver_type)
    if (named && approver_id === null && approver_type === 'GOVERNANCE_GROUP')
      throw wrongField(field, `${field}: name the group that decides`)
    if (!named && approver_id !== null)
      throw wrongField(field, `${field}: must be null, since ${approver_type} says who decides`)
  }
}

/** An empty text stands for an absent one where there must be none. @throws DomainError `invalid_body` naming the place */
function checkedCriterion(node: unknown, at: string, depth: number): Record<string, unknown> & Criterion {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) throw wrongField(at, `${at} must be an object`)
  const unknown = Object.keys(node).find((name) => !members.includes(name))
  if (unknown !== undefined)
    throw wrongField(`${at}.${unknown}`, `${at}.${unknown} is not known here: a criterion has ${members.join(', ')}`)
  const given: Record<string, unknown> = { ...node }
  const { operation } = given
  const junction = junctions.includes(operation)
  const comparison = comparisons.includes(operation)
  if (!junction && !comparison && operation !== 'HAS')
    throw wrongField(`${at}.operation`, `${at}.operation must be one of EQUALS, NOT_EQUALS, CONTAINS, HAS, AND, OR`)
  const attribute = textOf(given['attribute'], `${at}.attribute`, !junction, operation)
  const value = textOf(given['value'], `${at}.value`, comparison, operation)
  return {
    operation: String(operation),
    attribute,
    value,
    children: childrenOf(given['children'], at, depth, junction),
  }
}

function textOf(value: unknown, at: string, wanted: boolean, operation: unknown): string | null {
  const text = value === '' && !wanted ? null : (value ?? null)
  if (!wanted && text !== null) throw wrongField(at, `${at} must be null with ${String(operation)}`)
  if (wanted && (typeof text !== 'string' || (text === '' && at.endsWith('.attribute'))))
    throw wrongField(at, `${at} must be a text with ${String(operation)}`)
  return typeof text === 'string' ? text : null
}

function childrenOf(value: unknown, at: string, depth: number, wanted: boolean): Criterion[] | null {
  const field = `${at}.children`
  if (!wanted) {
    if (value !== undefined && value !== null)
      throw wrongField(field, `${field} must be null: only AND and OR have any`)
    return null
  }
  if (!Array.isArray(value) || value.length === 0)
    throw wrongField(field, `${field} must be a list of at least one criterion with AND and OR`)
  if (depth >= deepest) throw wrongField(field, `${field}: criteria have at most ${deepest} levels`)
  return value.map((child: unknown, index) => checkedCriterion(child, `${field}.${index}`, depth + 1))
}

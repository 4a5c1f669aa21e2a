import { fieldError } from '../object-fields.ts'

/*
 * Who belongs to a segment: one test, or several that all hold.
 *
 *   AND ── children ── EQUALS  attribute  value {type: STRING, value}
 *                   └─ EQUALS  attribute  value
 */

const most = 100

/** @throws DomainError `invalid_body` that names the place in the tree */
export function checkCriteria(criteria: unknown): void {
  if (criteria === null) return
  const { expression, ...others } = objectAt('visibility_criteria', criteria)
  refuseOthers('visibility_criteria', others)
  check('visibility_criteria.expression', expression, 0)
}

function check(at: string, node: unknown, depth: number): void {
  const { operator, attribute, value, children, ...others } = objectAt(at, node)
  refuseOthers(at, others)
  if (operator === 'AND' && depth === 0) {
    if (!isEmpty(attribute) || !isEmpty(value))
      throw fieldError(at, `${at}: AND has children, no attribute and no value`)
    if (!Array.isArray(children) || children.length === 0 || children.length > most)
      throw fieldError(`${at}.children`, `${at}.children must be 1 to ${most} expressions`)
    for (const [index, child] of children.entries()) check(`${at}.children.${index}`, child, depth + 1)
    return
  }
  if (operator !== 'EQUALS')
    throw fieldError(`${at}.operator`, `${at}.operator must be ${depth === 0 ? 'AND or EQUALS' : 'EQUALS'}`)
  if (!isText(attribute)) throw fieldError(`${at}.attribute`, `${at}.attribute must name an attribute of identities`)
  const { type, value: wanted, ...more } = objectAt(`${at}.value`, value)
  refuseOthers(`${at}.value`, more)
  if (!isEmpty(type) && type !== 'STRING') throw fieldError(`${at}.value.type`, `${at}.value.type must be STRING`)
  if (!isText(wanted)) throw fieldError(`${at}.value.value`, `${at}.value.value must be a text`)
  if (!isEmpty(children) && !(Array.isArray(children) && children.length === 0))
    throw fieldError(`${at}.children`, `${at}.children must be null for EQUALS`)
}

function objectAt(at: string, node: unknown): Record<string, unknown> {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) throw fieldError(at, `${at} must be an object`)
  return node as Record<string, unknown>
}

function refuseOthers(at: string, others: object): void {
  const [other] = Object.keys(others)
  if (other !== undefined) throw fieldError(`${at}.${other}`, `${at}.${other} is not known here`, 'unknown_field')
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 256
}

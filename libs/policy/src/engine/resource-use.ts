import type { PolicyJson } from './cedar.ts'
import { entityKey, refOf } from './entity-limits.ts'

/**
 * What of the resource the conditions of a rule can tell apart. Two resources that agree in all of it, and in their
 * type, get the same answer from the rule. Null: anything, such as which one it is.
 */
export interface ResourceUse {
  readonly attributes: ReadonlySet<string>
  readonly tags: ReadonlySet<string>
  /** Entities that it is asked to be `in`, by key. */
  readonly ancestors: ReadonlySet<string>
  /** Whether the resource is looked at in the conditions at all. */
  readonly any: boolean
}

interface Found {
  readonly attributes: Set<string>
  readonly tags: Set<string>
  readonly ancestors: Set<string>
  any: boolean
  identity: boolean
}

export function resourceUse({ conditions }: PolicyJson): ResourceUse | null {
  const found: Found = { attributes: new Set(), tags: new Set(), ancestors: new Set(), any: false, identity: false }
  for (const { body } of conditions) walk(body, found)
  return found.identity ? null : found
}

/** Every mention of `resource` is one of the forms below, or makes the whole rule one that can tell any two apart. */
function walk(node: unknown, found: Found): void {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) return node.forEach((each) => walk(each, found))
  const [[operator, operands] = ['', undefined], ...more] = Object.entries(node)
  if (operator === 'Var' && operands === 'resource') {
    found.any = true
    found.identity = true
    return
  }
  const part = more.length === 0 ? partOf(operator, operands) : null
  if (part === null) return Object.values(node).forEach((each) => walk(each, found))
  found.any = true
  for (const kind of ['attributes', 'tags', 'ancestors'] as const) part[kind]?.forEach((each) => found[kind].add(each))
}

interface Part {
  readonly attributes?: readonly string[]
  readonly tags?: readonly string[]
  readonly ancestors?: readonly string[]
}

/** What an operator whose left operand is the resource looks at; null when that is not so, or not known. */
function partOf(operator: string, operands: unknown): Part | null {
  if (!isNode(operands) || !isResource(operands.left)) return null
  const { attr, right } = operands
  if (operator === '.' && typeof attr === 'string') return { attributes: [attr] }
  if (operator === 'has' && typeof attr === 'string') return { attributes: [attr] }
  if (operator === 'has' && Array.isArray(attr) && typeof attr[0] === 'string') return { attributes: [attr[0]] }
  if (operator === 'is' && operands.in === undefined) return {}
  if (operator === 'is') return ancestors(operands.in)
  if (operator === 'in') return ancestors(right)
  if ((operator === 'getTag' || operator === 'hasTag') && isNode(right) && typeof right.Value === 'string')
    return { tags: [right.Value] }
  return null
}

/** `in` an entity, or a set of them, that stands in the rule itself. */
function ancestors(node: unknown): Part | null {
  if (!isNode(node)) return null
  const each = Array.isArray(node.Set) ? node.Set : [node]
  const keys = each.map((one) => {
    const ref = isNode(one) ? refOf(one.Value) : null
    return ref === null ? null : entityKey(ref)
  })
  return keys.every((key) => key !== null) ? { ancestors: keys } : null
}

function isResource(node: unknown): boolean {
  return isNode(node) && node.Var === 'resource'
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

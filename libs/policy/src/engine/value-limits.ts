import { beyond, invalid } from './limit-errors.ts'
import { limits, type Limit } from './limits.ts'

/*
 * Limits of JSON, walked with a stack of our own: the value may be nested deeper than any recursion takes.
 */

interface Frame {
  readonly value: unknown
  readonly path: string
  readonly depth: number
}

interface Bounds {
  readonly depth: 'expressionJson' | 'valueJson'
  readonly string: 'string' | 'liveString'
  readonly numbers: 'whole' | 'any'
}

/**
 * Refuses a value that Cedar cannot read or should not be given: functions, bigint, null, numbers with a fraction (a
 * decimal is `{"__extn": {"fn": "decimal", "arg": "1.5"}}`), whole numbers that JavaScript has already rounded, and
 * what is deeper or larger than the limits.
 * @returns how many values it holds
 * @throws DomainError `invalid_body` with the path
 */
export function checkValue(value: unknown, field: string, string: Bounds['string'] = 'string'): number {
  return walk(value, field, { depth: 'valueJson', string, numbers: 'whole' })
}

/** The same for a policy, a template or a schema as JSON, where null and fractions are Cedar's to judge. */
export function checkDocument(value: unknown, field: string): number {
  return walk(value, field, { depth: 'expressionJson', string: 'string', numbers: 'any' })
}

/** Most values are sound: they are counted without a record of where each stands. */
function walk(root: unknown, field: string, bounds: Bounds): number {
  const count = soundCount(root, limits[bounds.depth], limits[bounds.string])
  return count <= limits.values ? count : explain(root, field, bounds)
}

/** How many values there are, as long as each is within the limits; not a number otherwise. */
function soundCount(value: unknown, depth: number, longest: number): number {
  if (typeof value === 'string') return value.length <= longest ? 1 : Number.NaN
  if (typeof value === 'boolean') return 1
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 1 : Number.NaN
  if (typeof value !== 'object' || value === null || depth === 0) return Number.NaN
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  if (parts.length > limits.elements) return Number.NaN
  let count = 1
  for (const part of parts) count += soundCount(part, depth - 1, longest)
  return count
}

/** Finds what is beyond the limits, if anything is, and says where. */
function explain(root: unknown, field: string, bounds: Bounds): number {
  const stack: Frame[] = [{ value: root, path: '', depth: 0 }]
  let count = 0
  for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
    if (++count > limits.values) throw tooMuch('values', `holds more than ${limits.values} values`, field, frame)
    const { value } = frame
    if (typeof value === 'object' && value !== null) enter(frame, stack, field, bounds)
    else checkLeaf(frame, field, bounds)
  }
  return count
}

function enter(frame: Frame, stack: Frame[], field: string, bounds: Bounds): void {
  const value = frame.value as object
  const most = limits[bounds.depth]
  if (frame.depth >= most) throw tooMuch(bounds.depth, `is nested deeper than ${most}`, field, frame)
  const entries = Object.entries(value)
  if (entries.length > limits.elements)
    throw tooMuch('elements', `has more than ${limits.elements} elements`, field, frame)
  for (const [key, each] of entries)
    stack.push({ value: each, path: frame.path === '' ? key : `${frame.path}.${key}`, depth: frame.depth + 1 })
}

function checkLeaf({ value, path }: Frame, field: string, { numbers, string }: Bounds): void {
  const where = path === '' ? field : `${field}.${path}`
  if (typeof value === 'string') {
    if (value.length > limits[string])
      throw beyond(string, `has more than ${limits[string]} characters`, { field: where.slice(0, 200) })
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid(where, 'is not a number that JSON can carry')
    if (numbers === 'whole' && !Number.isInteger(value))
      throw invalid(where, 'has a fraction; write {"__extn": {"fn": "decimal", "arg": "1.5"}}')
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw invalid(where, 'is not a whole number below 2^53')
  } else if (value === null || value === undefined) {
    if (numbers === 'whole') throw invalid(where, 'is null, which Cedar does not know; leave it out')
  } else if (typeof value !== 'boolean') {
    throw invalid(where, `is a ${typeof value}, which JSON does not know`)
  }
}

function tooMuch(limit: Limit, message: string, field: string, { path }: Frame): Error {
  // A deep path is as long as the value is deep.
  return beyond(limit, message, { field, path: path.length > 200 ? `${path.slice(0, 200)}…` : path })
}

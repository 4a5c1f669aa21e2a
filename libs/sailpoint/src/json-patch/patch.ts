import { parseId } from '#kernel'
import { malformed, wrongField } from '../refusals.ts'
import { hexId } from '../wire.ts'
import { carryOut, Obstacle, type Operation } from './operations.ts'
import { isObject, pointerOf, tokensOf, valueAt, type Json, type JsonObject } from './pointer.ts'

const mostOperations = 500
/** A copy of what has been copied doubles it; the characters of JSON that all copies of a patch have together. */
const mostCopied = 1_000_000
const names = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const

/** What a resource lets a patch do. */
export interface PatchRules {
  /** The members of the object that may change. */
  readonly roots: readonly string[]
  /** Other names for roots. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Roots that are true or false, which clients also send as texts. */
  readonly flags?: readonly string[]
  /** Roots to which `add` with an array appends what is not there yet, where RFC 6902 would replace the array. */
  readonly appendable?: readonly string[]
}

/**
 * The object after a JSON Patch (RFC 6902): a copy, the object itself stays as it is. All operations are carried out, or none.
 * @throws DomainError `invalid_body` that names the operation, its path and what would be right; with the reason `immutable` for
 *   a member that cannot be changed
 */
export function patched(object: JsonObject, body: unknown, rules: PatchRules): JsonObject {
  if (!Array.isArray(body)) throw malformed('A JSON Patch is an array of operations, even for one')
  if (body.length > mostOperations)
    throw wrongField('', `A JSON Patch has at most ${mostOperations} operations, not ${body.length}`, 'too_many')
  const document = structuredClone(object)
  let copied = 0
  for (const [index, each] of body.entries()) {
    const operation = allowed(read(each, index), rules, index)
    copied += copiedBy(document, operation)
    if (copied > mostCopied)
      throw wrongField(
        pointerOf(operation.path),
        `${nameOf(operation, index)}: all copies of a JSON Patch have at most ${mostCopied} characters of JSON together`,
        'too_many',
      )
    attempt(document, appending(document, operation, rules), index)
  }
  return document
}

function copiedBy(document: JsonObject, operation: Operation): number {
  if (operation.op !== 'copy') return 0
  return JSON.stringify(valueAt(document, operation.from) ?? null).length
}

function attempt(document: JsonObject, operations: readonly Operation[], index: number): void {
  for (const operation of operations) {
    try {
      carryOut(document, operation)
    } catch (error) {
      if (!(error instanceof Obstacle)) throw error
      throw wrongField(pointerOf(operation.path), `${nameOf(operation, index)}: ${error.message}`, 'value')
    }
  }
}

function read(given: unknown, index: number): Operation {
  const where = `Operation ${index + 1}`
  if (!isObject(given)) throw malformed(`${where} is no object`)
  const op = names.find((name) => name === given['op'])
  if (op === undefined)
    throw wrongField(
      'op',
      `${where}: op must be one of ${names.join(', ')}`,
      given['op'] === undefined ? 'missing' : 'value',
    )
  const path = pointer(given, 'path', where)
  if (op === 'move' || op === 'copy') return { op, path, from: pointer(given, 'from', where) }
  if (op === 'remove') return { op, path }
  const { value } = given
  if (value === undefined) throw wrongField('value', `${where}: ${op} needs a value; null clears a field`, 'missing')
  return { op, path, value }
}

function pointer(given: JsonObject, name: 'path' | 'from', where: string): readonly string[] {
  const text = given[name]
  if (text === undefined || text === null) throw wrongField(name, `${where} needs a ${name}`, 'missing')
  const tokens = typeof text === 'string' ? tokensOf(text) : null
  if (tokens === null)
    throw wrongField(name, `${where}: ${name} must be a JSON Pointer such as /description or /entitlements/0`, 'value')
  const hostile = tokens.find((token) => token === '__proto__' || token === 'constructor')
  if (hostile !== undefined) throw wrongField(name, `${where}: ${hostile} is not a name for a field`, 'value')
  return tokens
}

/** The operation with the names and types of ours, if the members that it changes may be changed. */
function allowed(operation: Operation, rules: PatchRules, index: number): Operation {
  const renamed = { ...operation, path: aliased(operation.path, rules) } as Operation
  const own = 'from' in renamed ? { ...renamed, from: aliased(renamed.from, rules) } : renamed
  const changed = own.op === 'test' ? [] : own.op === 'move' ? [own.from, own.path] : [own.path]
  for (const [root] of changed) {
    if (root !== undefined && rules.roots.includes(root)) continue
    const what = root === undefined ? 'the whole object' : `the "${root.slice(0, 64)}" field`
    const message = `${nameOf(own, index)}: illegal attempt to modify ${what}; what can be modified: ${rules.roots.join(', ')}`
    throw wrongField(root ?? '', message, 'immutable')
  }
  return 'value' in own ? { ...own, value: truth(own.path, own.value, rules) } : own
}

function aliased([root, ...rest]: readonly string[], { aliases = {} }: PatchRules): readonly string[] {
  if (root === undefined) return []
  return [Object.hasOwn(aliases, root) ? (aliases[root] as string) : root, ...rest]
}

function truth(path: readonly string[], value: Json, { flags = [] }: PatchRules): Json {
  if (path.length !== 1 || !flags.includes(path[0] as string)) return value
  return value === 'true' ? true : value === 'false' ? false : value
}

/** `add` of an array to an appendable root, as one `add` for each item that is not there. */
function appending(document: JsonObject, operation: Operation, { appendable = [] }: PatchRules): Operation[] {
  const [root, ...rest] = operation.path
  if (operation.op !== 'add' || root === undefined || rest.length > 0 || !appendable.includes(root)) return [operation]
  const before = document[root]
  if (!Array.isArray(operation.value) || !Array.isArray(before)) return [operation]
  const seen = new Set(before.map(identityOf))
  const fresh = operation.value.filter((item) => !seen.has(identityOf(item)) && seen.add(identityOf(item)))
  return fresh.map((value) => ({ op: 'add', path: [root, '-'], value }))
}

/** Most ids are written as answers have them, and there may be thousands. */
const written = /^[0-9a-f]{32}$/

function identityOf(item: Json): string {
  const id = isObject(item) && typeof item['id'] === 'string' ? item['id'] : null
  if (id === null) return JSON.stringify(item)
  const stored = written.test(id) ? null : parseId(id)
  return stored === null ? id : hexId(stored)
}

function nameOf({ op, path }: Operation, index: number): string {
  return `Operation ${index + 1} (${op} ${pointerOf(path).slice(0, 128)})`
}

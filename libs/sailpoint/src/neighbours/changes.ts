import { isDeepStrictEqual } from 'node:util'
import { checkedBody, type JsonText } from '#platform'
import { patched, type JsonObject, type PatchRules } from '../json-patch/index.ts'

/**
 * The members that a JSON Patch changes of an object as the client sees it, checked; null for one that it takes away. Those
 * that stay are not judged again. @throws DomainError `invalid_body`
 */
export function changedMembers<T extends object>(
  type: new () => T,
  seen: JsonText,
  operations: unknown,
  rules: PatchRules,
): T {
  const before = seen.toJSON() as JsonObject
  const after = patched(before, operations, rules)
  const changed = rules.roots.filter((root) => !isDeepStrictEqual(plain(before[root]), plain(after[root])))
  return checkedBody(type, Object.fromEntries(changed.map((root) => [root, after[root] ?? null])))
}

/** As JSON has it: without differences of zeros and of prototypes. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

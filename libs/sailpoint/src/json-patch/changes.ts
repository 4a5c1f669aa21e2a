import { isDeepStrictEqual } from 'node:util'
import { checkedBody } from '#platform'
import { patched, type PatchRules } from './patch.ts'
import type { Json, JsonObject } from './pointer.ts'

/** What a member comes to that a patch has cleared or taken away. */
type Cleared = (root: string, after: JsonObject) => unknown

/**
 * The members that a JSON Patch changes of an object as the client sees it, checked; null for one that it takes away, unless
 * `cleared` says otherwise. Those that stay are not judged again. @throws DomainError `invalid_body`
 */
export function changedMembers<T extends object>(
  type: new () => T,
  before: JsonObject,
  operations: unknown,
  rules: PatchRules,
  cleared: Cleared = () => null,
): T {
  const after = patched(before, operations, rules)
  const changed = rules.roots.filter((root) => !isDeepStrictEqual(plain(before[root]), plain(after[root])))
  return checkedBody(type, Object.fromEntries(changed.map((root) => [root, after[root] ?? cleared(root, after)])))
}

/** As JSON has it: without differences of zeros and of prototypes. */
function plain(value: Json | undefined): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

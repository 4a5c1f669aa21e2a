export { changedMembers } from './changes.ts'
export { JsonPatchOperation, TakesJsonPatch } from './json-patch.dto.ts'
export { patched, type PatchRules } from './patch.ts'
export type { Json, JsonObject } from './pointer.ts'

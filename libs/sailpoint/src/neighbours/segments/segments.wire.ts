import type { CreateSegment } from '#directory'
import type { JsonText } from '#platform'
import { changedMembers, type JsonObject } from '../../json-patch/index.ts'
import { SegmentChange, type Segment, type SegmentExpression, type VisibilityCriteria } from './segments.dto.ts'

const rules = { roots: ['name', 'description', 'owner', 'visibilityCriteria', 'active'], flags: ['active'] }

export function newSegment(body: Segment): CreateSegment {
  return { ...changeOf(body), name: body.name }
}

export function change(operations: unknown) {
  return (seen: JsonText): Partial<CreateSegment> =>
    changeOf(changedMembers(SegmentChange, seen.toJSON() as JsonObject, operations, rules))
}

/** Ours for what is given of theirs. */
function changeOf(body: SegmentChange): Partial<CreateSegment> {
  const { name, description, owner, visibilityCriteria, active } = body
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description: description === '' ? null : description }),
    ...(owner !== undefined && { owner_id: owner?.id ?? null }),
    ...(visibilityCriteria !== undefined && { visibility_criteria: criteriaOf(visibilityCriteria) }),
    ...(active !== undefined && { active }),
  }
}

function criteriaOf(criteria: VisibilityCriteria | null): Record<string, unknown> | null {
  if (criteria === null) return null
  const { children, ...root } = criteria.expression
  const tests = (children ?? []).map((test) => withChildren(nodeOf(test), test.children))
  return { expression: withChildren(nodeOf(root), tests) }
}

function withChildren(node: object, children: readonly object[] | null = null): object {
  return { ...node, ...(children?.length && { children }) }
}

/** Without what has no meaning in a node, which clients send as null or empty. */
function nodeOf({ operator, attribute, value }: Pick<SegmentExpression, 'operator' | 'attribute' | 'value'>): object {
  return {
    operator,
    ...(attribute && { attribute }),
    ...(value && { value: { type: 'STRING', value: value.value } }),
  }
}

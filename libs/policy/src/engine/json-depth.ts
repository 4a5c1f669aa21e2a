/** How many arrays and objects stand within one another; walked with a stack of its own, whatever the depth. */
export function depthOf(root: unknown): number {
  const stack: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }]
  let deepest = 0
  for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
    const { value, depth } = frame
    if (typeof value !== 'object' || value === null) continue
    deepest = Math.max(deepest, depth + 1)
    for (const each of Object.values(value)) stack.push({ value: each, depth: depth + 1 })
  }
  return deepest
}

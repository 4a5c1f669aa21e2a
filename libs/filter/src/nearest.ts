const longest = 64

/** The name that the text was probably meant to be, or null: at most a third of it, rounded up, is other, more or missing letters. */
export function nearest(text: string, names: readonly string[]): string | null {
  if (text.length > longest) return null
  const lower = text.toLowerCase()
  const ranked = names
    .filter(({ length }) => length <= longest)
    .map((name) => ({ name, steps: distance(lower, name.toLowerCase()) }))
    .sort((left, right) => left.steps - right.steps)
  const [best] = ranked
  return best !== undefined && best.steps <= Math.ceil(text.length / 3) ? best.name : null
}

/** Levenshtein's, two rows at a time. */
function distance(left: string, right: string): number {
  let before = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    for (let j = 1; j <= right.length; j++) {
      const changed = (before[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      row.push(Math.min(changed, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    before = row
  }
  return before[right.length] ?? 0
}

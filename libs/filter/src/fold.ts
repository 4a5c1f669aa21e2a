/**
 * Text without regard to case, as the database's `fold` has it: lower case, and one small sigma for both, so that what
 * begins a word folds alike wherever the word ends.
 */
export function fold(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ')
}

/** The order of code points, which is that of UTF-8 and of the collation "C": not that of UTF-16. */
export function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  let at = 0
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at++
  if (at === length) return left.length - right.length
  return rank(left.charCodeAt(at)) - rank(right.charCodeAt(at))
}

/** Surrogates, which stand for U+10000 and up, behind all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

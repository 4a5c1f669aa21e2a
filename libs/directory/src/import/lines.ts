import { setImmediate as othersTurn } from 'node:timers/promises'

const newline = 0x0a

/** One line of a stream: its bytes without the line feed, or null when there are more of them than allowed. */
export interface Line {
  readonly number: number
  readonly bytes: Buffer | null
}

/** Cuts a stream into lines, holding no more than one of them. The last one needs no line feed. */
export async function* linesOf(chunks: AsyncIterable<Buffer | string>, maximumBytes: number): AsyncGenerator<Line> {
  const held = new HeldLine(maximumBytes)
  let number = 0
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    let start = 0
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      held.add(bytes.subarray(start, end))
      yield { number: (number += 1), bytes: held.take() }
      start = end + 1
    }
    held.add(bytes.subarray(start))
    await othersTurn()
  }
  if (!held.empty) yield { number: number + 1, bytes: held.take() }
}

class HeldLine {
  readonly #maximumBytes: number
  #pieces: Buffer[] = []
  #length = 0

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes
  }

  get empty(): boolean {
    return this.#length === 0
  }

  add(piece: Buffer): void {
    this.#length += piece.length
    if (this.#length > this.#maximumBytes) this.#pieces = []
    else if (piece.length > 0) this.#pieces.push(piece)
  }

  take(): Buffer | null {
    const [first, ...rest] = this.#pieces
    const bytes = first && rest.length === 0 ? first : Buffer.concat(this.#pieces)
    const tooLong = this.#length > this.#maximumBytes
    this.#pieces = []
    this.#length = 0
    return tooLong ? null : bytes
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The line's text without white space, carriage return or byte order mark around it, or null when it is not UTF-8. */
export function textOf(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes).trim()
  } catch {
    return null
  }
}

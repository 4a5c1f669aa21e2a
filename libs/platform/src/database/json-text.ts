/** A unit of a text becomes at most so many bytes. */
const bytesOfUnit = 3
/** Where answers are written before they have a size. */
const desk = Buffer.allocUnsafeSlow(256 * 1024)

/** Text that is JSON already and goes out as it is, with headers of its own. */
export class JsonText {
  /** What it is put together of. */
  readonly parts: readonly string[]
  readonly headers: Readonly<Record<string, string>>

  constructor(text: string | readonly string[], headers: Readonly<Record<string, string>> = {}) {
    this.parts = typeof text === 'string' ? [text] : text
    this.headers = headers
  }

  get text(): string {
    return this.parts.join('')
  }

  /**
   * In UTF-8, in memory that is nobody else's. To write a text and copy its bytes costs less than to measure it and then
   * write it.
   */
  toBuffer(): Buffer<ArrayBuffer> {
    const most = this.parts.reduce((length, part) => length + bytesOfUnit * part.length, 0)
    const place = most > desk.length ? Buffer.allocUnsafeSlow(most) : desk
    const end = this.parts.reduce((at, part) => at + place.write(part, at), 0)
    const bytes = Buffer.allocUnsafeSlow(end)
    place.copy(bytes, 0, 0, end)
    return bytes
  }

  toJSON(): unknown {
    return JSON.parse(this.text)
  }
}

/** A page of a list, in our own envelope; a dialect writes its own around the rows. */
export class PageText extends JsonText {
  /** The items, with commas between them. */
  readonly rows: string
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null

  constructor(rows: string, next: string | null) {
    super(['{"data":[', rows, `],"next_cursor":${JSON.stringify(next)},"has_more":${next !== null}}`])
    this.rows = rows
    this.next = next
  }
}

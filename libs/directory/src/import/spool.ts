import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linesOf } from './lines.ts'

const bufferedBytes = 256 * 1024

/** Where in the spool a line stands. */
export interface Place {
  readonly position: number
  readonly length: number
}

export interface SpooledLine {
  readonly number: number
  readonly text: string
  readonly place: Place
}

/** Lines kept aside in a file that has no name any more: it is gone with the process, however that ends. */
export class Spool {
  readonly #file: FileHandle
  #buffered: string[] = []
  #bufferedLength = 0
  #count = 0

  private constructor(file: FileHandle) {
    this.#file = file
  }

  static async open(): Promise<Spool> {
    const folder = await mkdtemp(join(tmpdir(), 'castellan-import-'))
    try {
      return new Spool(await open(join(folder, 'lines'), 'ax+', 0o600))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  get count(): number {
    return this.#count
  }

  async add(number: number, text: string): Promise<void> {
    const line = `${number} ${text}\n`
    this.#count += 1
    this.#buffered.push(line)
    this.#bufferedLength += line.length
    if (this.#bufferedLength >= bufferedBytes) await this.#flush()
  }

  async #flush(): Promise<void> {
    await this.#file.appendFile(this.#buffered.join(''))
    this.#buffered = []
    this.#bufferedLength = 0
  }

  /** Every line in the order of the file. */
  async *lines(): AsyncGenerator<SpooledLine> {
    await this.#flush()
    let position = 0
    const stream = this.#file.createReadStream({ start: 0, autoClose: false, highWaterMark: bufferedBytes })
    for await (const { bytes } of linesOf(stream, Infinity)) {
      const length = bytes?.length ?? 0
      yield spooled(bytes?.toString() ?? '', { position, length })
      position += length + 1
    }
  }

  async at(place: Place): Promise<SpooledLine> {
    const { buffer } = await this.#file.read(Buffer.alloc(place.length), 0, place.length, place.position)
    return spooled(buffer.toString(), place)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

function spooled(record: string, place: Place): SpooledLine {
  const space = record.indexOf(' ')
  return { number: Number(record.slice(0, space)), text: record.slice(space + 1), place }
}

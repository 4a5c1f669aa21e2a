import fc from 'fast-check'
import { linesOf, textOf } from './lines.ts'

async function* stream(...chunks: (Buffer | string)[]): AsyncGenerator<Buffer | string> {
  yield* chunks
}

async function texts(chunks: AsyncIterable<Buffer | string>, maximumBytes = 100): Promise<(string | null)[]> {
  const found: (string | null)[] = []
  for await (const { number, bytes } of linesOf(chunks, maximumBytes)) {
    expect(number).toBe(found.length + 1)
    found.push(bytes && bytes.toString())
  }
  return found
}

describe('lines of a stream', () => {
  it('are the same however the stream is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 5 }).map((text) => text.replaceAll('\n', ''))),
        fc.nat(7),
        async (lines, size) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
          const chunks = Array.from({ length: Math.ceil(bytes.length / (size + 1)) }, (_, index) =>
            bytes.subarray(index * (size + 1), (index + 1) * (size + 1)),
          )
          expect(await texts(stream(...chunks))).toEqual(lines.map((line) => Buffer.from(line).toString()))
        },
      ),
    )
  })

  it('need no line feed at the end', async () => expect(await texts(stream('a\nb'))).toEqual(['a', 'b']))
  it('have nothing behind the last line feed', async () =>
    expect(await texts(stream('a\n', 'b\n'))).toEqual(['a', 'b']))

  it('are not held when they are too long, and those behind them are read', async () => {
    expect(await texts(stream('x'.repeat(60), 'x'.repeat(60), '\nb\n', 'c'.repeat(101)), 100)).toEqual([
      null,
      'b',
      null,
    ])
    expect(await texts(stream('x'.repeat(100), '\n'), 100)).toEqual(['x'.repeat(100)])
  })
})

describe('the text of a line', () => {
  it('is without carriage return and byte order mark', () => expect(textOf(Buffer.from('\ufeff{}\r'))).toBe('{}'))
  it('is nothing when it is not UTF-8', () => expect(textOf(Buffer.from([0x7b, 0xff, 0x7d]))).toBeNull())
})

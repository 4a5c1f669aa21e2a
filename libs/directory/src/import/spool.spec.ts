import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { SeenKeys } from './seen-keys.ts'
import { Spool } from './spool.ts'

const left = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('castellan-import-'))

describe('a spool', () => {
  it('gives back every line, in order and by its place, and has no name in the file system', async () => {
    const before = await left()
    const spool = await Spool.open()
    try {
      expect(await left()).toEqual(before)
      const texts = Array.from({ length: 3000 }, (_, n) => JSON.stringify({ n, text: 'ä€😀'.repeat(n % 100) }))
      for (const [index, text] of texts.entries()) await spool.add(index * 2, text)
      expect(spool.count).toBe(texts.length)
      const read = []
      for await (const line of spool.lines()) read.push(line)
      expect(read.map(({ number, text }) => [number, text])).toEqual(texts.map((text, index) => [index * 2, text]))
      for (const line of read.filter((_, index) => index % 500 === 7)) expect(await spool.at(line.place)).toEqual(line)
    } finally {
      await spool.close()
    }
  })
})

describe('seen keys', () => {
  it('are new once', () => {
    const seen = new SeenKeys()
    const keys = Array.from({ length: 5000 }, (_, n) => `key ${n}`)
    expect(keys.every((key) => seen.add(key))).toBe(true)
    expect(keys.some((key) => seen.add(key))).toBe(false)
  })
})

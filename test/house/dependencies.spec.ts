import { readFile } from 'node:fs/promises'

type Versions = Readonly<Record<string, string>>

const manifest = JSON.parse(await readFile('package.json', 'utf8')) as Record<string, Versions | undefined>
const lines = (await readFile('docs/dependencies.md', 'utf8')).split('\n').filter((line) => line.startsWith('|'))
const direct = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((group) =>
  Object.entries(manifest[group] ?? {}),
)

test('docs/dependencies.md gives the reason for every package, at its version', () => {
  const without = direct.filter(
    ([name, version]) => !lines.some((line) => line.includes(`\`${name}\``) && line.includes(version)),
  )
  expect(without).toEqual([])
})

test('every package is pinned to one version', () => {
  expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
})

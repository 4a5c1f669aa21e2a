import { readFile } from 'node:fs/promises'

type Versions = Readonly<Record<string, string>>

const manifest = JSON.parse(await readFile('package.json', 'utf8')) as Record<string, Versions | undefined>
const [used = ''] = (await readFile('docs/dependencies.md', 'utf8')).split('## Turned down')
const lines = used.split('\n').filter((line) => line.startsWith('|'))
const direct = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((group) =>
  Object.entries(manifest[group] ?? {}),
)

test('docs/dependencies.md gives the reason for every package, at its version', () => {
  const without = direct.filter(
    ([name, version]) => !lines.some((line) => line.includes(`\`${name}\``) && line.includes(version)),
  )
  expect(without).toEqual([])
})

test('docs/dependencies.md names no package that is gone', () => {
  const names = lines.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  )
  expect(names.toSorted()).toEqual(direct.map(([name]) => name).toSorted())
})

test('every package is pinned to one version', () => {
  expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
})

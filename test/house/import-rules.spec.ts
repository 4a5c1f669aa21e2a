import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'

interface Rule {
  readonly name: string
}

interface Rules {
  readonly libraries: readonly string[]
  readonly default: {
    readonly forbidden: readonly Rule[]
    readonly required: readonly Rule[]
    readonly options: ICruiseOptions
  }
}

/** Source text by path: a house small enough to break one rule. */
type Tree = Readonly<Record<string, string>>

const root = process.cwd()
const { libraries, default: house } = (await import(pathToFileURL(join(root, '.dependency-cruiser.mjs')).href)) as Rules
const rules = [...house.forbidden, ...house.required].map(({ name }) => name)

const packages = ['@nestjs/common', '@prisma/client', 'class-validator', 'jest', 'pg', 'undeclared']
const ground: Tree = {
  'package.json': JSON.stringify({
    type: 'module',
    imports: { '#*': { source: './libs/*/src/index.ts' } },
    dependencies: { '@nestjs/common': '*', '@prisma/client': '*', 'class-validator': '*', pg: '*' },
    devDependencies: { jest: '*' },
  }),
  ...Object.fromEntries(
    packages.map((name) => [`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' })]),
  ),
  ...Object.fromEntries(packages.map((name) => [`node_modules/${name}/index.js`, ''])),
}

const counterExamples: Readonly<Record<string, Tree>> = {
  ...Object.fromEntries(
    libraries.slice(0, -1).map((name, index) => [
      `order-${name}`,
      {
        [`libs/${name}/src/index.ts`]: `import '#${libraries[index + 1]}'`,
        [`libs/${libraries[index + 1]}/src/index.ts`]: '',
      },
    ]),
  ),
  'front-door': {
    'libs/grants/src/index.ts': `import '../../kernel/src/ids.ts'`,
    'libs/kernel/src/ids.ts': '',
  },
  resolvable: {
    'libs/grants/src/index.ts': `import '#kernel/src/ids'`,
    'libs/kernel/src/ids.ts': '',
  },
  'no-apps-in-libraries': {
    'libs/grants/src/index.ts': `import '../../../apps/api/src/main.ts'`,
    'apps/api/src/main.ts': '',
  },
  'no-tests-in-apps': {
    'apps/api/src/main.ts': `import '../../../test/support/world.ts'`,
    'test/support/world.ts': '',
  },
  'no-cycles': {
    'libs/grants/src/a.ts': `import './b.ts'`,
    'libs/grants/src/b.ts': `import type {} from './a.ts'`,
  },
  'database-in-repositories': { 'libs/grants/src/grants.service.ts': `import { Prisma } from '@prisma/client'` },
  'generated-in-platform': {
    'libs/grants/src/grants.repository.ts': `import '../../../generated/prisma/client.ts'`,
    'generated/prisma/client.ts': '',
  },
  'pure-no-framework': { 'libs/kernel/src/index.ts': `import '@nestjs/common'` },
  'pure-no-io': { 'libs/filter/src/index.ts': `import 'node:fs'` },
  'declared-packages': { 'libs/grants/src/index.ts': `import 'undeclared'` },
  'production-packages': { 'libs/grants/src/index.ts': `import 'jest'` },
  'listed-library': { 'libs/stray/src/index.ts': '' },
  'dialects-keep-nothing': { 'libs/veza/src/veza.service.ts': '' },
}

/** Trees that come close to a rule and keep it. */
const examples: Readonly<Record<string, Tree>> = {
  'a library sees every library above it': Object.fromEntries(
    libraries.map((name, index) => [
      `libs/${name}/src/index.ts`,
      libraries
        .slice(0, index)
        .map((above) => `import '#${above}'\n`)
        .join(''),
    ]),
  ),
  'the kernel may hash': { 'libs/kernel/src/index.ts': `import 'node:crypto'` },
  'a repository may use Prisma, the platform the driver as well': {
    'libs/grants/src/grants.repository.ts': `import '@prisma/client'`,
    'libs/platform/src/index.ts': `import 'pg'\nimport '../../../generated/prisma/client.ts'`,
    'generated/prisma/client.ts': '',
  },
  'an app puts any libraries together': {
    'apps/api/src/main.ts': `import '#veza'\nimport '#kernel'`,
    'libs/veza/src/index.ts': '',
    'libs/kernel/src/index.ts': '',
  },
  'a spec may use the tests, the driver and development packages': {
    'libs/grants/src/grants.spec.ts': `import 'pg'\nimport 'jest'\nimport '../../../test/support/world.ts'`,
    'test/support/world.ts': '',
  },
}

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'castellan-rules-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('each rule has a counter-example', () => {
  expect(Object.keys(counterExamples).sort()).toEqual([...rules].sort())
})

test.each(rules)('%s: its counter-example breaks this rule and no other', async (rule) => {
  await plant(counterExamples[rule] ?? {})
  expect(new Set((await violations(folder)).map(({ name }) => name))).toEqual(new Set([rule]))
})

test.each(libraries.slice(0, -1))('%s sees none of the libraries below it', async (name) => {
  const below = libraries.slice(libraries.indexOf(name) + 1)
  await plant(Object.fromEntries(below.map((each) => [`libs/${each}/src/index.ts`, ''])))
  await plant({ [`libs/${name}/src/index.ts`]: below.map((each) => `import '#${each}'\n`).join('') })
  const refused = await violations(folder)
  expect(refused.map(({ to }) => to).sort()).toEqual(below.map((each) => `libs/${each}/src/index.ts`).sort())
})

test.each(Object.entries(examples))('%s', async (_, tree) => {
  await plant(tree)
  expect(await violations(folder)).toEqual([])
})

test('every folder in libs/ stands in the list', async () => {
  const folders = (await readdir(join(root, 'libs'), { withFileTypes: true })).filter((entry) => entry.isDirectory())
  expect(libraries).toEqual(expect.arrayContaining(folders.map(({ name }) => name)))
})

test('nest-cli.json names every app and every library', async () => {
  const folders = await Promise.all(
    ['apps', 'libs'].map((parent) => readdir(join(root, parent), { withFileTypes: true })),
  )
  const { projects } = JSON.parse(await readFile(join(root, 'nest-cli.json'), 'utf8')) as { projects: object }
  const names = folders.flat().flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  expect(Object.keys(projects).toSorted()).toEqual(names.toSorted())
})

test('the house keeps its import rules', async () => {
  expect(await violations(root)).toEqual([])
})

describe('SQL', () => {
  const query = `import { sql } from '#platform'\n\nexport const now = sql\`select 1\`\n`

  test.each(['libs/grants/src/grants.service.ts', 'apps/api/src/main.ts'])('is refused in %s', async (path) => {
    await plant({ [path]: query })
    const { status, stdout } = lint()
    expect(stdout).toContain('no-restricted-imports')
    expect(status).toBe(1)
  })

  test('stands in repositories', async () => {
    await plant({ 'libs/grants/src/grants.repository.ts': query })
    expect(lint()).toMatchObject({ status: 0 })
  })

  function lint(): { status: number | null; stdout: string } {
    const program = join(root, 'node_modules/oxlint/bin/oxlint')
    return spawnSync(process.execPath, [program, 'apps', 'libs'], { cwd: folder, encoding: 'utf8' })
  }
})

async function plant(tree: Tree): Promise<void> {
  await cp(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  for (const [path, text] of Object.entries({ ...ground, 'apps/.keep': '', 'libs/.keep': '', ...tree })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

async function violations(baseDir: string): Promise<{ name: string; from: string; to: string }[]> {
  const { forbidden, required, options } = house
  const ruleSet = structuredClone({ forbidden, required }) as NonNullable<ICruiseOptions['ruleSet']>
  const { output } = await cruise(
    ['apps', 'libs'],
    { ...structuredClone(options), ruleSet, validate: true, baseDir },
    { bustTheCache: true },
  )
  return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => ({ name: rule.name, from, to }))
}

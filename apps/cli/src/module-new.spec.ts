import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { moduleNew } from './module-new.ts'

const repository = process.cwd()
const copied = [
  '.dependency-cruiser.mjs', '.oxlintrc.json', '.prettierrc.json', 'apps', 'libs', 'nest-cli.json', 'package.json', 'prisma',
  'prisma.config.ts', 'test/support', 'tsconfig.json',
] // prettier-ignore

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'castellan-module-'))
  for (const path of copied) await cp(join(repository, path), join(root, path), { recursive: true })
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

test.each([
  '',
  'Reviews',
  'review',
  'access_reviews',
  '../reviews',
  '1reviews',
  'boss',
  'reviews-',
  'a'.repeat(40) + 's',
])('refuses the name %j', async (name) => {
  await expect(moduleNew(name, root)).rejects.toThrow('is no name for a module')
})

test.each([
  ['grants', 'libs/grants exists'],
  ['identities', 'a Prisma model identities exists'],
  ['imports', 'has scopes of imports already'],
])('refuses %s, which exists', async (name, reason) => {
  await expect(moduleNew(name, root)).rejects.toThrow(reason)
})

test('refuses a folder that is not the repository', async () => {
  await expect(moduleNew('access-reviews', tmpdir())).rejects.toThrow("is not castellan's repository")
})

describe('a new library', () => {
  let written: string[]

  beforeAll(async () => {
    written = await moduleNew('access-reviews', root)
  })

  test('is whole, and known to the rules, the scopes, the events, the application and Nest', async () => {
    const own = ['controller', 'dto', 'fields', 'module', 'repository', 'service', 'spec'].map(
      (part) => `libs/access-reviews/src/access-reviews.${part}.ts`,
    )
    expect([...written].sort()).toEqual(
      [
        ...own,
        'libs/access-reviews/src/index.ts',
        'prisma/models/access-reviews.prisma',
        '.dependency-cruiser.mjs',
        'apps/api/src/app.module.ts',
        'libs/kernel/src/events.ts',
        'libs/kernel/src/permissions.ts',
        'nest-cli.json',
      ].sort(),
    )
    expect(await read('apps/api/src/app.module.ts')).toMatch(/imports: \[[^\]]*AccessReviewsModule/)
    expect(await read('.dependency-cruiser.mjs')).toMatch(/'registry',\n {2}'access-reviews',\n {2}'sailpoint',/)
    expect(await read('libs/kernel/src/permissions.ts')).toContain("access_reviews: { read: 'Read access reviews'")
    expect(await read('libs/kernel/src/events.ts')).toContain("access_review: 'access_reviews:read'")
  })

  test('has a model that Prisma takes, and code that the compiler takes', async () => {
    expect(run('node_modules/prisma/build/index.js', 'generate')).toMatchObject({ status: 0 })
    const include = ['libs/access-reviews/src/*.ts', 'apps/api/src/app.module.ts']
    await writeFile(join(root, 'tsconfig.try.json'), JSON.stringify({ extends: './tsconfig.json', include }))
    expect(run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.try.json', '--noEmit')).toMatchObject({
      stdout: '',
      status: 0,
    })
  }, 120_000)

  test('keeps the import rules, the lint and the format', () => {
    const cruise = run(
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      'libs/access-reviews',
      'apps/api',
    )
    expect(cruise.stdout).toContain('dependencies cruised')
    expect(cruise.stdout).not.toContain('access-reviews')
    expect(run('node_modules/oxlint/bin/oxlint', 'libs/access-reviews')).toMatchObject({ status: 0 })
    const formatted = written.filter((path) => !path.endsWith('.prisma'))
    expect(run('node_modules/prettier/bin/prettier.cjs', '--check', ...formatted)).toMatchObject({ status: 0 })
  })

  test('is not made twice', async () => {
    await expect(moduleNew('access-reviews', root)).rejects.toThrow('libs/access-reviews exists')
  })
})

function read(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8')
}

function run(program: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(root, program), ...args], { cwd: root, encoding: 'utf8' })
}

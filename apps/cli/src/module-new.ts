import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The forms in which a library's name stands in its text. */
interface Names {
  /** access-reviews: the folder, the path of the routes */
  readonly name: string
  /** access_reviews: the table, the scopes */
  readonly table: string
  /** access_review: what error texts, audit entries and events call one of them */
  readonly type: string
  readonly Things: string
  readonly Thing: string
  readonly things: string
  readonly thing: string
  readonly Title: string
  readonly words: string
  readonly word: string
  readonly a: string
}

/** Text by path, relative to the repository. */
type Files = ReadonlyMap<string, string>

const templates = 'apps/cli/templates/module'
const rules = '.dependency-cruiser.mjs'
const application = 'apps/api/src/app.module.ts'
const permissions = 'libs/kernel/src/permissions.ts'
const events = 'libs/kernel/src/events.ts'
const nestProjects = 'nest-cli.json'

/**
 * Writes a domain library whole: its files, its Prisma model, its place in the import rules, its scopes, its line in the
 * application. Gives the files it wrote, or throws with one line and writes none.
 * @param name a plural noun such as `access-reviews`; libraries above which it stands are those before the dialects
 * @param root the repository
 */
export async function moduleNew(name: string, root = process.cwd()): Promise<string[]> {
  checkRepository(root)
  await checkName(name, root)
  const names = namesFrom(name)
  const files = new Map([...(await ownFiles(names, root)), ...(await changedFiles(names, root))])
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  format([...files.keys()], root)
  return [...files.keys()]
}

/** What is left to do by hand, a line each. */
export function afterModuleNew(name: string): string[] {
  return [
    `say what it is: its fields in prisma/models/${name}.prisma and in libs/${name}/src/`,
    `npm run castellan -- migrate new ${namesFrom(name).table}: writes its migration from the model; read it, add the checks it wants`,
    'npm run castellan -- migrate: applies it; row-level security comes by itself',
    `npm test -- libs/${name}: its spec; test/every-route/ knows its routes already`,
  ]
}

function checkRepository(root: string): void {
  if (existsSync(join(root, templates)) && existsSync(join(root, rules))) return
  throw new Error(`${root} is not castellan's repository: a module is made in a clone, at its top`)
}

async function checkName(name: string, root: string): Promise<void> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || !/[^s]s$/.test(name) || name.length > 40) {
    throw new Error(
      `${JSON.stringify(name)} is no name for a module: it is a plural noun in lower case, words joined by "-", such as access-reviews`,
    )
  }
  const { table } = namesFrom(name)
  if (existsSync(join(root, 'libs', name))) throw new Error(`libs/${name} exists`)
  if (existsSync(join(root, modelFile(name))) || (await models(root)).includes(`model ${table} {`)) {
    throw new Error(`a Prisma model ${table} exists in prisma/models`)
  }
  if (new RegExp(`^  ${table}: \\{`, 'm').test(await readFile(join(root, permissions), 'utf8'))) {
    throw new Error(`${permissions} has scopes of ${table} already`)
  }
}

async function models(root: string): Promise<string> {
  const folder = join(root, 'prisma/models')
  const texts = (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8'))
  return (await Promise.all(texts)).join('\n')
}

function modelFile(name: string): string {
  return `prisma/models/${name}.prisma`
}

function namesFrom(name: string): Names {
  const one = singular(name)
  const words = name.replaceAll('-', ' ')
  return {
    name,
    table: name.replaceAll('-', '_'),
    type: one.replaceAll('-', '_'),
    Things: pascal(name),
    Thing: pascal(one),
    things: camel(name),
    thing: camel(one),
    Title: words.charAt(0).toUpperCase() + words.slice(1),
    words,
    word: one.replaceAll('-', ' '),
    a: /^[aeiou]/.test(name) ? 'an' : 'a',
  }
}

function singular(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`
  if (/(ss|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2)
  return plural.slice(0, -1)
}

function pascal(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

function camel(name: string): string {
  const text = pascal(name)
  return text.charAt(0).toLowerCase() + text.slice(1)
}

async function ownFiles(names: Names, root: string): Promise<Files> {
  const files = new Map<string, string>()
  for (const template of (await readdir(join(root, templates))).sort()) {
    const text = await readFile(join(root, templates, template), 'utf8')
    files.set(pathOf(template.replace(/\.template$/, ''), names.name), fill(text, names))
  }
  return files
}

function pathOf(file: string, name: string): string {
  if (file === 'model.prisma') return modelFile(name)
  return file === 'index.ts' ? `libs/${name}/src/index.ts` : `libs/${name}/src/${name}.${file}`
}

function fill(text: string, names: Names): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, form: keyof Names) => names[form])
}

/** The files that know every library. */
async function changedFiles({ name, table, type, Things, words }: Names, root: string): Promise<Files> {
  const change = async (path: string, edit: (text: string) => string): Promise<[string, string]> => {
    const before = await readFile(join(root, path), 'utf8')
    const after = edit(before)
    if (after === before)
      throw new Error(`${path} has changed its form: there is no place for ${name} to be found in it`)
    return [path, after]
  }
  const listed = (await readFile(join(root, rules), 'utf8')).includes(`  '${name}',\n`)
  return new Map([
    ...(listed ? [] : [await change(rules, (text) => text.replace(/\n {2}'sailpoint',\n/, `\n  '${name}',$&`))]),
    await change(permissions, (text) =>
      text.replace(
        '\n} as const',
        `\n  ${table}: { read: 'Read ${words}', write: 'Create, change and delete ${words}' },$&`,
      ),
    ),
    await change(events, (text) => text.replace('\n} as const', `\n  ${type}: '${table}:read',$&`)),
    await change(application, (text) => withImport(text, name, `${Things}Module`)),
    await change(nestProjects, (text) => withProject(text, name)),
  ])
}

function withImport(text: string, name: string, module: string): string {
  const line = `import { ${module} } from '#${name}'\n`
  const next = [...text.matchAll(/^import .* from '#([\w-]+)'\n/gm)].find(([, other = '']) => other > name)
  const at = next?.index ?? text.search(/^(?!import )/m)
  const imported = text.slice(0, at) + line + text.slice(at)
  const listed = imported.replace(/(imports: \[[^\]]*?),?(\s*\])/, `$1, ${module}$2`)
  return listed === imported ? text : listed
}

function withProject(text: string, name: string): string {
  const configuration = JSON.parse(text) as { projects: Record<string, object> }
  const root = `libs/${name}`
  configuration.projects[name] = { type: 'library', root, entryFile: 'index', sourceRoot: `${root}/src` }
  return `${JSON.stringify(configuration, null, 2)}\n`
}

/** The templates do not know how long a name is. */
function format(paths: readonly string[], root: string): void {
  const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs')
  const formatted = paths.filter((path) => !path.endsWith('.prisma'))
  const { status, stderr } = spawnSync(process.execPath, [prettier, '--write', ...formatted], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`prettier could not format ${formatted.join(', ')}: ${stderr.trim()}`)
}

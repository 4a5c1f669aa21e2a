// Brings a fresh clone to where it runs, then runs it: node apps/cli/prepare.mjs <start|castellan|test|bench|build> [args…]
// Runs before the dependencies are there, on Node 18 and later: Node's own modules only.
// Each step does nothing when its result stands: install (node_modules), generate (generated/), build (dist/).

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const at = (...path) => join(ROOT, ...path)

const TARGETS = {
  start: { steps: ['install', 'generate', 'build'], program: 'dist/apps/api/src/main.js' },
  castellan: { steps: ['install', 'generate', 'build'], program: 'dist/apps/cli/src/main.js' },
  bench: { steps: ['install', 'generate', 'build'], program: 'dist/test/bench/main.js' },
  test: { steps: ['install', 'generate'], program: 'apps/cli/check.mjs' },
  build: { steps: ['install', 'generate', 'build'] },
}

const STEPS = {
  install: {
    says: 'installing the dependencies from package-lock.json (npm ci)',
    fingerprint: () => hashOf(readFileSync(at('package-lock.json'))),
    stamp: at('node_modules', '.castellan-install'),
    isDone: installedByHand,
    run: () =>
      npm(
        'ci',
        '--ignore-scripts',
        '--include=dev',
        '--include=optional',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
      ),
    failed: 'npm ci failed: see above (it needs an npm registry, or a filled npm cache)',
  },
  generate: {
    says: 'generating the Prisma client',
    fingerprint: () =>
      hashOf(...schemaFiles().map((path) => readFileSync(at(path))), readFileSync(at('package-lock.json'))),
    stamp: at('generated', '.castellan-generate'),
    run: () =>
      run(projectNode(), [at('node_modules/prisma/build/index.js'), 'generate'], {
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      }),
    failed: 'prisma generate failed: see above; the schema is prisma/schema.prisma and prisma/models/',
  },
  build: {
    says: 'building (tsc)',
    fingerprint: () =>
      hashOf(...sources().map((path) => `${path} ${statSync(at(path)).size} ${statSync(at(path)).mtimeMs}\n`)),
    stamp: at('dist', '.castellan-build'),
    run: () => run(projectNode(), [at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json']) && removeOrphans(),
    failed: 'the build failed: see above',
  },
}

const SOURCE_FOLDERS = ['apps', 'libs', 'test', 'generated']
const SOURCE_FILES = ['tsconfig.json', 'package-lock.json', 'prisma.config.ts']
const NODE_MINIMUM = [22, 18]
// Answers are short-lived: young objects have room to die, are collected by one thread, and none is born old. Old ones are collected
// when they have grown by a quarter, and only then (docs/adr/0033). Cedar's code is optimized later, piece by piece: all at
// once at the start takes 40 MB that are never used again. Source maps would take ten: whoever wants the lines of the sources
// in stack traces sets NODE_OPTIONS=--enable-source-maps.
const NODE_FLAGS = [
  '--max-semi-space-size=16',
  '--no-parallel-scavenge',
  '--no-allocation-site-pretenuring',
  '--no-memory-reducer',
  '--heap-growing-percent=25',
  '--wasm-tiering-budget=100000000',
]
// Two pools of memory instead of one for each thread, which keeps to itself what it has freed.
const NODE_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' }
const LOCK = at('dist', '.prepare.lock')

async function main([name, ...args]) {
  const target = TARGETS[name]
  if (!target) fail(`usage: node apps/cli/prepare.mjs <${Object.keys(TARGETS).join('|')}> [args…]`)
  if (!isPrebuilt()) await prepare(target.steps)
  if (!target.program) return
  if (!existsSync(at(target.program))) fail(`${target.program} is missing: the build did not make it`)
  await become(projectNode(), [...NODE_FLAGS, at(target.program), ...args])
}

/** A production image: installed without typescript, dist/ brought along. npm writes its own lock file last, so an interrupted install does not look so. */
function isPrebuilt() {
  return (
    existsSync(at('dist')) &&
    existsSync(at('node_modules/.package-lock.json')) &&
    !existsSync(at('node_modules/typescript')) &&
    existsSync(at('dist/apps/api/src/main.js'))
  )
}

async function prepare(names) {
  if (names.every((name) => isFresh(STEPS[name]))) return
  const release = await lock()
  try {
    for (const name of names) {
      const step = STEPS[name]
      if (isFresh(step)) continue
      const fingerprint = step.fingerprint()
      if (!step.isDone?.()) {
        say(step.says)
        rmSync(step.stamp, { force: true })
        if (!step.run()) fail(step.failed)
      }
      writeFileSync(step.stamp, fingerprint)
    }
  } finally {
    release()
  }
}

function isFresh(step) {
  try {
    return readFileSync(step.stamp, 'utf8') === step.fingerprint()
  } catch {
    return false
  }
}

/** After `npm install` by hand: npm's own record of what stands in node_modules agrees with package-lock.json. */
function installedByHand() {
  try {
    const wanted = Object.entries(JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages)
    const standing = JSON.parse(readFileSync(at('node_modules/.package-lock.json'), 'utf8')).packages
    return wanted.every(
      ([path, { version, optional, peer }]) =>
        path === '' || standing[path]?.version === version || (!standing[path] && (optional || peer)),
    )
  } catch {
    return false
  }
}

function npm(...args) {
  const own = process.env.npm_execpath
  return own && basename(own) === 'npm-cli.js' ? run(process.execPath, [own, ...args]) : run('npm', args)
}

function run(command, args, env = {}) {
  // Its output goes to stderr: stdout belongs to the target.
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  })
  if (error) say(`cannot run ${command}: ${error.message}`)
  return status === 0
}

let foundNode

/** The project's own Node from node_modules, else the running one when it is new enough. */
function projectNode() {
  foundNode ??= findNode()
  return foundNode
}

function findNode() {
  const own = at('node_modules/.bin/node')
  if (
    existsSync(own) &&
    (realpathSync(own) === realpathSync(process.execPath) || spawnSync(own, ['--version']).status === 0)
  )
    return own
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1])) return process.execPath
  return fail(
    `castellan needs Node ${NODE_MINIMUM.join('.')} or later; this is ${process.versions.node} and npm has no Node for ${process.platform}-${process.arch} among the dependencies: install a newer Node`,
  )
}

function schemaFiles() {
  return ['prisma.config.ts', ...filesIn('prisma').filter((path) => path.endsWith('.prisma'))]
}

function sources() {
  return [
    ...SOURCE_FILES.filter((path) => existsSync(at(path))),
    ...SOURCE_FOLDERS.flatMap(filesIn).filter((path) => path.endsWith('.ts')),
  ]
}

function filesIn(folder) {
  if (!existsSync(at(folder))) return []
  return readdirSync(at(folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : [],
    )
}

/** tsc leaves the output of sources that are gone. */
function removeOrphans() {
  for (const path of filesIn('dist')) {
    const source = path.replace(/^dist./, '').replace(/\.js(\.map)?$/, '.ts')
    if (source.endsWith('.ts') && !existsSync(at(source))) rmSync(at(path))
  }
  return true
}

/** One prepare at a time. The lock is a folder that appears by rename with its holder's pid inside; that of a dead holder is taken away. */
async function lock() {
  mkdirSync(at('dist'), { recursive: true })
  const mine = mkdtempSync(`${LOCK}.`)
  writeFileSync(join(mine, 'pid'), String(process.pid))
  for (let waiting = false; ;) {
    try {
      renameSync(mine, LOCK)
      const release = () => rmSync(LOCK, { recursive: true, force: true })
      process.once('exit', release)
      return () => {
        process.removeListener('exit', release)
        release()
      }
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code))
        fail(`cannot write to ${at('dist')}: ${error.message}`)
    }
    const holder = holderOf(LOCK)
    if (holder && !isPrepare(holder)) takeAway(holder)
    else {
      if (!waiting) say(`waiting for another process that prepares (pid ${holder ?? 'unknown'})`)
      waiting = true
      await delay(200)
    }
  }
}

function takeAway(holder) {
  const stale = `${LOCK}.stale-${process.pid}`
  try {
    renameSync(LOCK, stale)
    // Somebody was faster and the lock is a live one by now: give it back.
    if (holderOf(stale) !== holder) renameSync(stale, LOCK)
  } catch {}
  rmSync(stale, { recursive: true, force: true })
}

function holderOf(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'))
  } catch {
    return undefined
  }
}

/** Process ids are used again: alive is not enough where the command line can be seen. */
function isPrepare(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('prepare.mjs')
  } catch {
    return process.platform !== 'linux'
  }
}

/** Runs the target in our place: its input and output, its signals, its exit status. */
async function become(command, args) {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...NODE_ENVIRONMENT, ...process.env } })
  // A terminal sends Ctrl-C to the whole process group, the child has it already; without a terminal somebody meant us.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  process.on('SIGINT', () => atTerminal || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => atTerminal || child.kill('SIGHUP'))
  // A signal to npm ends npm and the shell between us, which passes nothing on: their end is our SIGTERM.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent || !process.env.npm_lifecycle_event) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, 250)
  child.on('error', (error) => fail(`cannot run ${command}: ${error.message}`))
  child.on('exit', (status, signal) => {
    if (!signal) process.exit(status)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

function hashOf(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

function say(line) {
  process.stderr.write(`castellan: ${line}\n`)
}

function fail(line) {
  say(line)
  process.exit(1)
}

await main(process.argv.slice(2))

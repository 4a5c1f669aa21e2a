import { spawnSync } from 'node:child_process'

/** The system user PostgreSQL runs as. PostgreSQL refuses to run as root, so root hands it to another user. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * The user to run PostgreSQL as: undefined for an ordinary user (run as ourselves).
 * As root: `postgres` when it exists, else a system user `castellan`, made when missing.
 */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const found = accountNamed('postgres') ?? accountNamed('castellan')
  if (found) return found
  const made = spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'castellan'], {
    encoding: 'utf8',
  })
  const account = accountNamed('castellan')
  if (account) return account
  throw new Error(
    `PostgreSQL does not run as root and the system user "castellan" could not be made (${(made.stderr ?? made.error?.message ?? '').trim()}): ` +
      'create it with useradd, start castellan as an ordinary user, or set DATABASE_URL',
  )
}

/** Whether the account (or we, without one) can enter and list the folder, found by trying as that user. */
export function canEnter(folder: string, account: Account | undefined): boolean {
  return spawnSync('ls', [folder], { cwd: '/', stdio: 'ignore', ...account }).status === 0
}

function accountNamed(name: string): Account | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' })
    return status === 0 ? Number(stdout) : undefined
  })
  return uid && gid ? { uid, gid } : undefined
}

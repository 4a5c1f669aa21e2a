import { createReadStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AuditLogService } from '#audit'
import { ApiKeysService, ImportService, TenantsService } from '#directory'
import { isScope, operatorTenant, scopes, type Scope } from '#kernel'
import { Config, forTenant, migrationScript, settings, SigningKeys, type SettingName } from '#platform'
import { afterModuleNew, moduleNew } from './module-new.ts'
import { operatorOf, print, UsageError, withApplication, withDatabase } from './session.ts'

export interface Command {
  readonly name: string
  readonly parameters: string
  readonly meaning: string
  /** Gives the exit status; 0 when it gives nothing. */
  run(args: string[]): Promise<number | void>
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options']

function parse<T extends NonNullable<Options>>(args: string[], options: T, positionals: number) {
  const parsed = parseArgs({ args, options, allowPositionals: true, strict: true })
  if (parsed.positionals.length !== positionals)
    throw new UsageError('Wrong number of arguments; --help shows the right ones')
  return parsed
}

function required(value: string | undefined, name: string): string {
  if (!value) throw new UsageError(`--${name} is missing; --help shows how it is used`)
  return value
}

export const commands: readonly Command[] = [
  {
    name: 'start',
    parameters: '',
    meaning: 'starts the server, as npm start does',
    run: async (args) => {
      parse(args, {}, 0)
      await import('../../api/src/main.ts')
    },
  },
  {
    name: 'config',
    parameters: '',
    meaning: 'lists every setting, what it is now and what it means',
    run: async (args) => {
      parse(args, {}, 0)
      const { host } = new Config({ OPERATOR_API_KEY: 'not looked at by this command', ...process.env })
      for (const [name, row] of Object.entries(settings)) {
        const standing = name === 'HOST' ? host : row.default
        const value = process.env[name as SettingName] || standing || '(not set)'
        print(`${name}=${'secret' in row && process.env[name] ? '(set, not shown)' : value}\n    ${row.meaning}`)
      }
    },
  },
  {
    name: 'migrate',
    parameters: '',
    meaning: 'brings the database to this version; the start does it too',
    run: async (args) => {
      parse(args, {}, 0)
      await withDatabase(async () => print('the database is up to date'))
    },
  },
  {
    name: 'migrate new',
    parameters: 'NAME',
    meaning: 'writes the migration from the database to prisma/models',
    run: async (args) => {
      const [name = ''] = parse(args, {}, 1).positionals
      if (!/^[a-z0-9_]+$/.test(name)) throw new UsageError('NAME is lower case letters, digits and _')
      await withDatabase(async ({ ownerUrl }) => {
        const script = await migrationScript(ownerUrl)
        if (script === '') return print('the database and prisma/models agree; nothing to write')
        const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
        const folder = join('prisma', 'migrations', `${stamp}_${name}`)
        await mkdir(folder)
        await writeFile(join(folder, 'migration.sql'), `${script}\n`)
        print(`${folder}/migration.sql`)
      })
    },
  },
  {
    name: 'tenant create',
    parameters: 'SLUG [--name NAME] [--id UUID]',
    meaning: 'makes a tenant and prints its first key, once',
    run: async (args) => {
      const { values, positionals } = parse(args, { name: { type: 'string' }, id: { type: 'string' } }, 1)
      const [slug = ''] = positionals
      await withApplication(async (app, check) => {
        const input = await check.createTenant({
          slug,
          name: values.name ?? slug,
          ...(values.id !== undefined && { id: values.id }),
        })
        const tenant = await forTenant(operatorTenant, () =>
          app.get(TenantsService).create(operatorOf(operatorTenant), input),
        )
        print(`tenant ${tenant.id}\nkey ${tenant.api_key}`)
      })
    },
  },
  {
    name: 'tenant list',
    parameters: '',
    meaning: 'lists the tenants',
    run: async (args) => {
      parse(args, {}, 0)
      await withApplication(async (_app, check) => {
        for (const { id, slug, name } of await check.tenants()) print(`${id} ${slug} ${name}`)
      })
    },
  },
  {
    name: 'key create',
    parameters: '--tenant SLUG --name NAME [--scopes a,b] [--expires-at TIME]',
    meaning: 'makes an API key and prints it, once',
    run: async (args) => {
      const { values } = parse(
        args,
        {
          tenant: { type: 'string' },
          name: { type: 'string' },
          scopes: { type: 'string' },
          'expires-at': { type: 'string' },
        },
        0,
      )
      const name = required(values.name, 'name')
      const chosen = scopesOf(values.scopes)
      await withApplication(async (app, check) => {
        const tenantId = await check.tenantId(required(values.tenant, 'tenant'))
        const input = await check.createApiKey({
          name,
          scopes: chosen,
          ...(values['expires-at'] && { expires_at: values['expires-at'] }),
        })
        const { id, key } = await forTenant(tenantId, () => app.get(ApiKeysService).create(operatorOf(tenantId), input))
        print(`id ${id}\nkey ${key}`)
      })
    },
  },
  {
    name: 'signing-key rotate',
    parameters: '',
    meaning: 'signs new tokens with a new key; the old one verifies until its last token has expired',
    run: async (args) => {
      parse(args, {}, 0)
      await withApplication(async (app) => {
        const rotated = await forTenant(operatorTenant, () => app.get(SigningKeys).rotate())
        print(`kid ${rotated.kid}`)
      })
    },
  },
  {
    name: 'import',
    parameters: 'FILE --tenant SLUG [--atomic]',
    meaning: 'imports lines of JSON, as POST /v1/imports does',
    run: async (args) => {
      const { values, positionals } = parse(args, { tenant: { type: 'string' }, atomic: { type: 'boolean' } }, 1)
      const [file = ''] = positionals
      return withApplication(async (app, check) => {
        const tenantId = await check.tenantId(required(values.tenant, 'tenant'))
        const report = await app
          .get(ImportService)
          .run(operatorOf(tenantId), createReadStream(file), { atomic: values.atomic ?? false })
        print(JSON.stringify(report, null, 2))
        return report.total.failed > 0 ? 1 : 0
      })
    },
  },
  {
    name: 'audit verify',
    parameters: '[--tenant SLUG]',
    meaning: "verifies the audit chain of a tenant, or the operator's own",
    run: async (args) => {
      const { values } = parse(args, { tenant: { type: 'string' } }, 0)
      return withApplication(async (app, check) => {
        const tenantId = values.tenant === undefined ? operatorTenant : await check.tenantId(values.tenant)
        const verification = await forTenant(tenantId, () => app.get(AuditLogService).verify(operatorOf(tenantId)))
        print(JSON.stringify(verification, null, 2))
        return verification.valid ? 0 : 1
      })
    },
  },
  {
    name: 'module new',
    parameters: 'NAME',
    meaning: 'writes a domain library whole, ready to be filled',
    run: async (args) => {
      const [name = ''] = parse(args, {}, 1).positionals
      for (const file of await moduleNew(name)) print(file)
      print(['', 'Then:', ...afterModuleNew(name)].join('\n'))
    },
  },
]

function scopesOf(text: string | undefined): Scope[] {
  if (text === undefined) return [...scopes]
  const chosen = text.split(',').map((each) => each.trim())
  const unknown = chosen.filter((each) => !isScope(each))
  if (unknown.length > 0) throw new UsageError(`${unknown.join(', ')} is no scope; they are ${scopes.join(', ')}`)
  return chosen.filter(isScope)
}

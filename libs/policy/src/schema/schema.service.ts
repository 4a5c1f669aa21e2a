import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { DomainError, notFound, type Actor } from '#kernel'
import { Database, type JsonText, type Precondition } from '#platform'
import { PolicyEngine } from '../engine/policy-engine.ts'
import { PolicySetsRepository } from '../policy-sets.repository.ts'
import { sentence } from '../findings.ts'
import { Outdated, settled } from '../policies/outdated.ts'
import { linkValues } from '../policies/policy-document.ts'
import { builtInVersion } from './built-in.ts'
import type { PolicySchema, PolicySchemaVersion, PolicySchemaVersionQuery, SaveSchema } from './schema.dto.ts'
import { SchemaVersionsRepository } from './schema-versions.repository.ts'
import { TenantSchemas, type TenantSchema } from './tenant-schemas.ts'

@Injectable()
export class SchemaService {
  readonly #database: Database
  readonly #sets: PolicySetsRepository
  readonly #versions: SchemaVersionsRepository
  readonly #schemas: TenantSchemas
  readonly #engine: PolicyEngine
  readonly #changes: Changes

  constructor(
    database: Database,
    sets: PolicySetsRepository,
    versions: SchemaVersionsRepository,
    schemas: TenantSchemas,
    engine: PolicyEngine,
    changes: Changes,
  ) {
    this.#database = database
    this.#sets = sets
    this.#versions = versions
    this.#schemas = schemas
    this.#engine = engine
    this.#changes = changes
  }

  async get(actor: Actor): Promise<PolicySchema> {
    const set = await this.#sets.read()
    const text = await this.#sets.schemaText(set.schema_version)
    return view(text, set.schema_version, await this.#schemas.of(actor.tenantId, set))
  }

  versions(_actor: Actor, page: PolicySchemaVersionQuery): Promise<JsonText> {
    return this.#versions.list(page)
  }

  async version(_actor: Actor, number: number): Promise<PolicySchemaVersion> {
    const version = await this.#versions.find(number)
    if (version === null) throw notFound('version', String(number))
    return version
  }

  /** Every stored rule and link must fit the new schema. Each save is a version, also one that says the same again. */
  save(actor: Actor, { schema: text }: SaveSchema, precondition: Precondition): Promise<PolicySchema> {
    return settled(async () => {
      const before = await this.#sets.read()
      precondition.check(before.schema_version)
      const schema = await this.#schemas.read(actor.tenantId, text)
      await this.#checkRules(actor.tenantId, schema)
      return this.#database.transaction(async () => {
        const set = await this.#sets.advance()
        precondition.check(set.schema_version)
        // `advance` has counted up already, from the version that the rules were read at.
        if (set.version !== before.version + 1) throw new Outdated()
        const version = await this.#sets.saveSchema(text, actor)
        const saved = view(text, version, schema)
        await this.#changes.record(actor, {
          action: 'policy_schema.updated',
          resource: { type: 'policy_schema', id: actor.tenantId },
          data: saved,
        })
        return saved
      })
    })
  }

  async #checkRules(tenantId: string, { document }: TenantSchema): Promise<void> {
    const [sources, links] = [await this.#sets.sources(), await this.#sets.links()]
    const of = (template: boolean): Record<string, string> =>
      Object.fromEntries(
        sources.filter((each) => each.template === template).map(({ id, policy_text }) => [id, policy_text]),
      )
    const set = {
      rules: of(false),
      templates: of(true),
      links: Object.fromEntries(
        links.map((link) => [link.id, { template_id: link.rule_id, values: linkValues(link) }]),
      ),
    }
    const { errors } = await this.#engine.validate(tenantId, set, document)
    if (errors.length === 0) return
    const broken = errors.map((error) => {
      const link = links.find(({ id }) => id === error.rule_id)
      const rule = sources.find(({ id }) => id === (link?.rule_id ?? error.rule_id))
      return {
        policy_id: rule?.policy_id ?? null,
        rule_id: rule?.id ?? null,
        link_id: link?.id ?? null,
        message: sentence(error),
      }
    })
    throw new DomainError(
      'invalid_state',
      `Policies would no longer fit the schema: ${broken.map(({ message }) => message).join('; ')}`,
      { findings: broken },
    )
  }
}

function view(schema: string, version: number, { text: whole }: TenantSchema): PolicySchema {
  return { schema, whole, built_in_version: builtInVersion, version }
}

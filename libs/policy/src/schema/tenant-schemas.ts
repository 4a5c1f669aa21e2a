import { Injectable } from '@nestjs/common'
import type { SchemaDocument } from '../engine/cedar.ts'
import { PolicyEngine } from '../engine/policy-engine.ts'
import { about } from '../findings.ts'
import { PolicySetsRepository, type PolicySet } from '../policy-sets.repository.ts'
import { builtInText } from './built-in.ts'
import { extended, readable } from './extension.ts'
import { SchemaTypes } from './schema-types.ts'

/** The built-in schema and what the tenant adds, in one. */
export interface TenantSchema {
  readonly document: SchemaDocument
  readonly text: string
  readonly types: SchemaTypes
}

const mostKept = 500

/** The schemas of the tenants, read once for each version, whoever else asks for it meanwhile. */
@Injectable()
export class TenantSchemas {
  readonly #engine: PolicyEngine
  readonly #sets: PolicySetsRepository
  readonly #kept = new Map<string, Promise<TenantSchema>>()

  constructor(engine: PolicyEngine, sets: PolicySetsRepository) {
    this.#engine = engine
    this.#sets = sets
  }

  async of(tenantId: string, { schema_version: version }: PolicySet): Promise<TenantSchema> {
    if (version === 1) return this.#builtIn()
    return this.#once(`${tenantId} ${version}`, async () => this.read(tenantId, await this.#sets.schemaText(version)))
  }

  /** What the text makes of the built-in schema. @throws DomainError `invalid_body` for what is no addition to it */
  async read(tenantId: string, text: string): Promise<TenantSchema> {
    const base = await this.#builtIn()
    if (text.trim() === '') return base
    return about('schema', async () => {
      const addition = await this.#engine.schema(tenantId, readable(text))
      const whole = await this.#engine.schema(tenantId, extended(base.document, addition.json))
      return { document: whole.json, text: whole.text, types: new SchemaTypes(whole.resolved) }
    })
  }

  #builtIn(): Promise<TenantSchema> {
    return this.#once('built-in', async () => {
      const { json, resolved } = await this.#engine.schema('built-in', builtInText)
      return { document: json, text: builtInText, types: new SchemaTypes(resolved) }
    })
  }

  /** What is kept under the key, or is being read for it; a reading that fails is not kept. */
  async #once(key: string, read: () => Promise<TenantSchema>): Promise<TenantSchema> {
    const schema = this.#kept.get(key) ?? read()
    this.#kept.delete(key)
    this.#kept.set(key, schema)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest)
    try {
      return await schema
    } catch (error) {
      if (this.#kept.get(key) === schema) this.#kept.delete(key)
      throw error
    }
  }
}

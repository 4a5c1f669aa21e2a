import { invalid, beyond } from './limit-errors.ts'
import { limits } from './limits.ts'
import { checkPolicyText, checkSchemaText } from './text-limits.ts'
import type { RuleSet, RuleSource, SchemaSource } from './types.ts'
import { checkDocument } from './value-limits.ts'

/** One rule or template, as text or as JSON. @throws DomainError `invalid_body` */
export function checkRuleSource(source: RuleSource, field: string): void {
  if (typeof source === 'string') {
    if (checkPolicyText(source, field).length !== 1) throw invalid(field, 'must be exactly one policy')
  } else {
    checkRuleJson(source, field)
  }
}

/** @throws DomainError `invalid_body` */
export function checkRuleJson(json: unknown, field: string): void {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid(field, 'must be a policy as Cedar text or Cedar JSON')
  checkDocument(json, field)
  if (JSON.stringify(json).length > limits.rule)
    throw beyond('rule', `has more than ${limits.rule} characters`, { field })
  if ('conditions' in json && Array.isArray(json.conditions) && json.conditions.length > limits.clauses)
    throw beyond('clauses', `has more than ${limits.clauses} when and unless clauses`, { field })
}

/** @throws DomainError `invalid_body` */
export function checkRuleSet({ rules, templates = {}, links = {} }: RuleSet, field: string): void {
  const count = Object.keys(rules).length + Object.keys(templates).length + Object.keys(links).length
  if (count > limits.rules) throw beyond('rules', `has more than ${limits.rules} rules`, { field })
  for (const [id, source] of [...Object.entries(rules), ...Object.entries(templates)])
    checkRuleSource(source, `${field}.${id}`)
  checkDocument(links, `${field}.links`)
}

/** @throws DomainError `invalid_body` */
export function checkSchema(schema: SchemaSource, field: string): void {
  if (typeof schema === 'string') return checkSchemaText(schema, field)
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    throw invalid(field, 'must be a schema as Cedar text or Cedar JSON')
  checkDocument(schema, field)
}

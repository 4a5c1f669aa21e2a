import type { Finding } from './types.ts'

export type Part = 'schema' | 'entities'

/** Cedar answered that something it was given is wrong. */
export class Refusal extends Error {
  readonly findings: readonly Finding[]
  /** Which part it is about, where the operation has several. */
  readonly part: Part | null

  constructor(findings: readonly Finding[], part: Part | null = null) {
    super(findings.map(({ message }) => message).join('; '))
    this.name = 'Refusal'
    this.findings = findings
    this.part = part
  }
}

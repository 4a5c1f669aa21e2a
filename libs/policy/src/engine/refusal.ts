import type { Finding } from './types.ts'

/** Cedar answered that something it was given is wrong. */
export class Refusal extends Error {
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ message }) => message).join('; '))
    this.name = 'Refusal'
    this.findings = findings
  }
}

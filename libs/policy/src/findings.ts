import { DomainError, type ErrorDetails } from '#kernel'
import type { Finding } from './engine/types.ts'

/** `400 invalid_body` about one field, with what Cedar found in it: message, advice and place of each finding. */
export function refused(field: string, findings: readonly Finding[], details: ErrorDetails = {}): DomainError {
  const message = findings.map((finding) => `${field}: ${sentence(finding)}`).join('; ')
  return new DomainError('invalid_body', message, { fields: [{ field, message }], findings, ...details })
}

export function fieldError(field: string, problem: string): DomainError {
  const message = `${field}: ${problem}`
  return new DomainError('invalid_body', message, { fields: [{ field, message }] })
}

// The engine calls what it was given by names of its own.
const engineField = /^(?:text|json|rules?|schema): /

export function withoutField(message: string): string {
  return message.replace(engineField, '')
}

/** Runs `work` so that a refusal of the engine names the field of the body that it is about. */
export async function about<T>(field: string, work: () => Promise<T>): Promise<T> {
  return renamed(work, (error) => [field, withoutField(error.message)])
}

/** The same where the engine was given several fields: `named` makes the body's name of the engine's. */
export async function aboutOneOf<T>(named: (field: string) => string, work: () => Promise<T>): Promise<T> {
  return renamed(work, (error) => {
    const [first] = (error.details?.['fields'] ?? []) as { field: string; message: string }[]
    return [named(first?.field ?? ''), first?.message ?? error.message]
  })
}

async function renamed<T>(
  work: () => Promise<T>,
  name: (error: DomainError) => [field: string, problem: string],
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'invalid_body') throw error
    const [field, problem] = name(error)
    const message = `${field}: ${problem}`
    throw new DomainError('invalid_body', message, { ...error.details, fields: [{ field, message }] }, { cause: error })
  }
}

// Cedar begins with the id that the engine was given, which may be one that nobody will ever see.
const ofPolicy = /^for policy `[^`]*`, /

/** What Cedar says, without the id of the rule, which stands beside it. */
export function plainMessage(message: string): string {
  return message.replace(ofPolicy, '')
}

export function sentence({ message, help, place }: Finding): string {
  return `${plainMessage(message)}${place === null ? '' : ` (at ${place.start})`}${help === null ? '' : `; ${help}`}`
}

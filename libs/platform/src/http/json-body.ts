import { RouteConfig } from '@nestjs/platform-fastify'
import type { FastifyRequest } from 'fastify'
import { DomainError } from '#kernel'

export const maximumDepth = 32
/** class-transformer compares each name of an object with all the others. */
export const maximumMembers = 2000

const nul = 'takesNul'

/** The route takes NUL characters, which PostgreSQL stores nowhere: it refuses them itself ({@link refuseNul}) in what it stores. */
export const TakesNul = (): MethodDecorator => RouteConfig({ [nul]: true })

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Fastify's parser for JSON: UTF-8 as it is (RFC 8259 section 8.1). Many clients name the type on every request, so an empty
 * body is none, whatever it is called.
 * @throws DomainError `unsupported_media_type` for another charset or a content encoding, `invalid_body` as parseJsonBody
 */
export async function parseJsonRequest({ headers, routeOptions }: FastifyRequest, bytes: Buffer): Promise<unknown> {
  if (bytes.length === 0) return undefined
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8'
  if (!/^utf-?8$/i.test(charset)) throw unsupported(`JSON is sent in UTF-8, not in ${charset.slice(0, 40)}`)
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    throw unsupported(`The body must be sent as it is, without the content encoding ${encoding}`)
  const config = routeOptions.config as unknown as Record<string, unknown>
  return parseJsonBody(decode(bytes), config[nul] === true)
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    throw new DomainError('invalid_body', 'The body is not UTF-8', undefined, { cause: error })
  }
}

function unsupported(message: string): DomainError {
  return new DomainError('unsupported_media_type', message)
}

/**
 * JSON from outside (RFC 8259), refused where it could mean two things or would cost too much: deeper than 32, more than
 * 2,000 members in an object, whole numbers beyond 2^53, numbers beyond the double's range, NUL where the route does not take
 * it, lone surrogates, the keys `__proto__` and `constructor`, which libraries that copy objects drop or fall over.
 * @throws DomainError `invalid_body`, with the position of a syntax error or what is around it, or the path of the value
 */
export function parseJsonBody(text: string, takesNul = false): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw unreadable(text, error instanceof Error ? error.message : '')
  }
  check(value, '', 0, takesNul)
  return value
}

/** @throws DomainError `invalid_body` with the path of a NUL character, where the route takes such */
export function refuseNul(body: unknown): void {
  check(body, '', 0, false)
}

/** `said` by V8: the position, the token and what is around it, what the whole is, or that it ended too soon. */
function unreadable(text: string, said: string): DomainError {
  const refused = (message: string, details: object): DomainError =>
    new DomainError('invalid_body', `The body is not JSON: ${message}`, { reason: 'syntax', ...details })
  const position = /at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(said)?.[1]
  if (position !== undefined) return refused(`it breaks off at position ${position}`, { offset: Number(position) })
  const [, token, whole] = /^(?:Unexpected token (.+?), )?(.+) is not valid JSON$/s.exec(said) ?? []
  if (whole !== undefined)
    return refused(token === undefined ? `it is ${whole}` : `${token} is not expected in ${whole}`, {})
  return refused('it breaks off at its end', { offset: text.length })
}

function check(value: unknown, path: string, depth: number, takesNul: boolean): void {
  if (typeof value === 'string') {
    if (!takesNul && value.includes('\0')) refuse(path, 'holds a NUL character')
    if (!value.isWellFormed()) refuse(path, 'holds half of a surrogate pair')
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse(path, 'is a number beyond the range of a double')
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) refuse(path, 'is not a whole number below 2^53')
  } else if (typeof value === 'object' && value !== null) {
    if (depth === maximumDepth) refuse(path, `is nested deeper than ${maximumDepth}`)
    const members = Object.entries(value)
    if (members.length > maximumMembers && !Array.isArray(value))
      refuse(path, `has more than ${maximumMembers} members`)
    for (const [key, each] of members) {
      if (key === '__proto__' || key === 'constructor') refuse(`${path}/${key}`, 'is not a name for a field')
      check(key, `${path}/(name)`, depth + 1, takesNul)
      check(each, `${path}/${key}`, depth + 1, takesNul)
    }
  }
}

function refuse(path: string, reason: string): never {
  throw new DomainError('invalid_body', `The value at ${path || 'the top'} ${reason}`, { pointer: path })
}

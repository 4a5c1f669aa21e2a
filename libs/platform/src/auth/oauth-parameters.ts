import type { FastifyRequest } from 'fastify'
import { badClient, OAuthError } from './oauth-errors.ts'

const names = ['grant_type', 'client_id', 'client_secret', 'scope'] as const

export type TokenParameters = Partial<Record<(typeof names)[number], string>>

/**
 * The parameters of a token request, wherever a client puts them: query, urlencoded, multipart or JSON body, and for the
 * client HTTP Basic. One that comes twice must say the same. Parameters with no meaning here are ignored (RFC 6749
 * section 3.2).
 */
export async function readParameters(request: FastifyRequest): Promise<TokenParameters> {
  const given = [...entriesOf(request.query), ...(await bodyOf(request)), ...basicOf(request.headers.authorization)]
  const found: TokenParameters = {}
  for (const [name, value] of given) {
    const known = names.find((each) => each === name)
    if (!known) continue
    if (typeof value !== 'string') throw new OAuthError('invalid_request', `${known} must be one text`)
    if (value === '') continue
    if (found[known] !== undefined && found[known] !== value) {
      throw new OAuthError('invalid_request', `${known} is given twice, with different values`)
    }
    found[known] = value
  }
  return found
}

type Entries = [name: string, value: unknown][]

function entriesOf(value: unknown): Entries {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

async function bodyOf({ body }: FastifyRequest): Promise<Entries> {
  if (body instanceof Response) return await partsOf(body)
  if (Array.isArray(body)) throw new OAuthError('invalid_request', 'The body must be an object')
  return entriesOf(body)
}

async function partsOf(body: Response): Promise<Entries> {
  const parts = await body.formData().catch(() => {
    throw new OAuthError('invalid_request', 'The multipart body cannot be read')
  })
  for (const [name, value] of parts) {
    if (typeof value !== 'string') throw new OAuthError('invalid_request', `${name} must not be a file`)
  }
  return [...parts]
}

/** RFC 6749 section 2.3.1: both halves are form-encoded. */
function basicOf(authorization: string | undefined): Entries {
  if (authorization === undefined) return []
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1]
  const [id, secret] = split(Buffer.from(encoded ?? '', 'base64').toString('utf8'))
  if (id === null || secret === null) throw badClient('Authorization is not "Basic <client_id:client_secret>"')
  // prettier-ignore
  return [['client_id', id], ['client_secret', secret]]
}

function split(pair: string): [string | null, string | null] {
  const at = pair.indexOf(':')
  return at < 1 ? [null, null] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}

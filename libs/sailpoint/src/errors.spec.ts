import { DomainError, errors, type ErrorCode } from '#kernel'
import { renderSailPointError } from './errors.ts'

const codes = Object.keys(errors) as ErrorCode[]
const published = [400, 401, 403, 404, 405, 412, 429, 500]

function rendered(error: DomainError, acceptLanguage?: string) {
  const headers = acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage }
  const answer = renderSailPointError(error, { id: '', path: '/v3/access-profiles', headers })
  return { ...answer, body: answer.body as Record<string, any> }
}

test.each(codes)('%s is one of the published shapes', (code) => {
  const { status, body } = rendered(new DomainError(code))
  const shape = Object.keys(body).toSorted().join(' ')
  const expected = {
    401: 'error',
    405: 'errorMessage errorName trackingId',
    412: 'message',
    415: 'errorMessage errorName trackingId',
    429: 'message',
  }[status]
  expect(shape).toBe(expected ?? 'causes detailCode messages trackingId')
  if (expected === undefined) expect(body['detailCode']).toMatch(new RegExp(`^${status}(\\.\\d+)*\\.? [A-Z]`))
})

test('what the contract publishes no status for keeps its own: the client can do something about it', () => {
  const own = codes.filter((code) => !published.includes(rendered(new DomainError(code)).status))
  expect(own.toSorted()).toEqual([
    'headers_too_large', 'idempotency_in_progress', 'payload_too_large', 'request_timeout', 'unavailable', 'unsupported_media_type',
    'uri_too_long', 'write_conflict',
  ]) // prettier-ignore
})

test('the texts of 401 and 429 are those of the contract', () => {
  expect(rendered(new DomainError('unauthenticated', 'JWT is expired')).body).toEqual({ error: 'JWT is expired' })
  expect(rendered(new DomainError('rate_limited')).body).toEqual({ message: ' Rate Limit Exceeded ' })
})

test('every error has a tracking id of its own, which the log gets too', () => {
  const [one, other] = [rendered(new DomainError('not_found')), rendered(new DomainError('not_found'))]
  expect(one.body['trackingId']).toMatch(/^[0-9a-f]{32}$/)
  expect(one.body['trackingId']).not.toBe(other.body['trackingId'])
  expect(one.log).toEqual({ tracking_id: one.body['trackingId'] })
})

test.each([
  [undefined, 'und', 'The server did not find'],
  ['', 'und', 'The server did not find'],
  ['de', 'de', 'Der Server hat'],
  ['de-AT,en;q=0.5', 'de', 'Der Server hat'],
  ['en;q=0.5, fr;q=0.8', 'fr', "Le serveur n'a rien"],
  ['pt', 'pt-BR', 'O servidor'],
  ['JA', 'ja', 'このアドレス'],
  ['es-419', 'es', 'El servidor'],
  ['tlh', 'en-US', 'The server did not find'],
  ['tlh, *;q=0.1', 'en-US', 'The server did not find'],
  ['de;q=0', 'en-US', 'The server did not find'],
  [';;;q=', 'en-US', 'The server did not find'],
])('Accept-Language %j is answered in %s as well as in English', (header, locale, text) => {
  const { messages } = rendered(new DomainError('not_found'), header).body
  expect(messages).toEqual([
    { locale: 'en-US', localeOrigin: 'DEFAULT', text: expect.stringContaining('The server did not find') },
    { locale, localeOrigin: 'REQUEST', text: expect.stringContaining(text) },
  ])
})

test('the reason stands in both texts, each field among the causes, under the names of this API', () => {
  const fields = [
    {
      field: 'request_config.approval_schemes.0.approver_id',
      message: 'request_config.approval_schemes.0.approver_id: no',
    },
    { field: 'owner_id', message: 'owner_id: nobody' },
  ]
  const message = fields.map((each) => each.message).join('; ')
  const { body } = rendered(new DomainError('invalid_body', message, { fields }), 'de')
  const wire = ['accessRequestConfig.approvalSchemes.0.approverId: no', 'owner.id: nobody']
  expect(body['messages'][0].text).toBe(wire.join('; '))
  expect(body['messages'][1].text).toBe(
    `Die Anfrage ist formal richtig, ihr Inhalt ist aber ungültig. ${wire.join('; ')}`,
  )
  expect(body['causes'].map(({ text }: { text: string }) => text)).toEqual(wire)
})

test.each([
  [{ fields: [{ field: 'name', message: 'x', reason: 'missing' }] }, '400.1.0'],
  [{ fields: [{ field: 'id', message: 'x', reason: 'immutable' }] }, '400.1.1'],
  [{ fields: [{ field: 'type', message: 'x', reason: 'value' }] }, '400.1.3'],
  [{ fields: [{ field: 'ids', message: 'x', reason: 'too_many' }] }, '400.1.4'],
  [{ fields: [{ field: 'description', message: 'x', reason: 'too_long' }] }, '400.1.4'],
  [{ fields: [{ field: 'owner_id', message: 'x', reason: 'not_found' }] }, '400.1.404'],
  [{ fields: [{ field: 'x', message: 'x', reason: 'unknown_field' }] }, '400.1 '],
  [{ offset: 7 }, '400.0'],
  [{ reason: 'syntax' }, '400.0'],
  [undefined, '400.1 '],
])('a body refused with %j has the detail code %s', (details, code) => {
  expect(rendered(new DomainError('invalid_body', 'No', details)).body['detailCode'].startsWith(code)).toBe(true)
})

test('what is in use tells by what', () => {
  const users = [{ type: 'access_profile', id: '019a0000-0000-7000-8000-000000000500', name: 'Payroll' }]
  const { status, body } = rendered(new DomainError('in_use', 'No', { name: 'Ledger', users }))
  expect([status, body['detailCode']]).toEqual([400, '400.2.1.0 Object in use by another'])
  expect(body['messages'][0].text).toBe(`The "Ledger" access profile can't be deleted because it's in use.`)
  expect(body['causes'][0].text).toBe('Used by the role "Payroll" (019a0000000070008000000000000500)')
  const ofSource = rendered(new DomainError('in_use', 'The source is still used', { users })).body
  expect(ofSource['causes'][0].text).toBe('Used by the access profile "Payroll" (019a0000000070008000000000000500)')
})

test('a field that is named beside the message bears the name that it has here', () => {
  const error = new DomainError('invalid_body', 'expires_at must lie in the future', { field: 'expires_at' })
  const { messages, causes } = rendered(error).body
  expect([messages[0].text, causes[0].text]).toEqual(Array(2).fill('expirationDate must lie in the future'))
})

test.each([
  [['access_profiles:read'], 'idn:access-profile:read (access_profiles:read)'],
  [['entitlements:write'], 'idn:entitlement:manage (entitlements:write)'],
  [['oauth_clients:read', 'oauth_clients:read_own'], 'sp:all-personal-access-tokens:read (oauth_clients:read) or sp:my-personal-access-tokens:read (oauth_clients:read_own)'],
  [['webhooks:read'], 'sp:scopes:all (webhooks:read)'],
])('a credential that lacks %j is told the scope of this API that has it', (required_scopes, named) => {
  const message = `It lacks ${required_scopes.join(' or ')}`
  const { body } = rendered(new DomainError('forbidden', message, { required_scopes }))
  expect(body['messages'][0].text).toBe(`It lacks ${named}`)
}) // prettier-ignore

test('a filter that goes wrong tells where, and what would be right', () => {
  const details = { offset: 5, reason: 'unsupported_operator', expected: ['eq', 'sw'] }
  const { body } = rendered(new DomainError('invalid_filter', 'name does not take ge', details))
  expect(body['detailCode']).toBe('400.1.3 Illegal value')
  expect(body['causes'][0].text).toBe('At position 5, expected: eq, sw')
})

import { DomainError, errors, type ErrorCode } from '#kernel'
import { renderVezaError } from './errors.ts'

const request = { id: 'r-1', path: '/api/private/lifecycle_management/access_profiles', headers: {} }

interface Body {
  code: string | number
  message: string
  details: [{ field_violations: object[] }, { metadata: object }]
}

const rendered = (error: DomainError, headers: Record<string, string> = {}): Body =>
  renderVezaError(error, { ...request, headers }).body as Body

test.each(Object.keys(errors) as ErrorCode[])(
  '%s has a code of gRPC, its own code as the reason, and our status',
  (code) => {
    const { status, body } = renderVezaError(new DomainError(code), request)
    expect(status).toBe(errors[code].status)
    expect(body).toEqual({
      code: expect.stringMatching(/^[A-Z][A-Za-z]+$/),
      message: errors[code].title.replace('cursor', 'page_token'),
      details: expect.arrayContaining([
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: code.toUpperCase(),
          domain: 'castellan',
          metadata: {},
        },
      ]),
      request_id: 'r-1',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    })
  },
)

test('fields are named as this API names them, in the text as well', () => {
  const message = 'entitlements.0.entitlement_id: nothing has the id; inherits: of no use'
  const fields = [
    { field: 'entitlements.0.entitlement_id', message: 'entitlements.0.entitlement_id: nothing has the id' },
    { field: 'inherits', message: 'inherits: of no use' },
  ]
  const body = rendered(new DomainError('invalid_body', message, { fields }))
  const entity = 'entities_to_create_relationships_to.0.entity_id'
  expect(body.message).toBe(`${entity}: nothing has the id; inherit_entities_from_access_profiles: of no use`)
  expect(body.details[0].field_violations).toEqual([
    { field: entity, description: `${entity}: nothing has the id` },
    { field: 'inherit_entities_from_access_profiles', description: 'inherit_entities_from_access_profiles: of no use' },
  ])
})

test('what is not known is named as it was sent', () => {
  const message = 'inherits is not known here'
  const error = new DomainError('invalid_body', message, {
    fields: [{ field: 'inherits', message, reason: 'unknown_field' }],
  })
  expect(rendered(error).message).toBe(message)
  expect(rendered(error).details[0].field_violations).toEqual([{ field: 'inherits', description: message }])
})

test('what names no field of ours is left as it is, whatever it is called', () => {
  for (const field of ['__proto__', 'constructor', 'limit', 'a.b'])
    expect(rendered(new DomainError('invalid_body', 'x', { field })).details[0].field_violations).toMatchObject([
      { field },
    ])
})

test('the rest of the details are texts, as values of ErrorInfo are', () => {
  const details = { parameter: 'filter', offset: 3, expected: ['eq', 'ne'] }
  expect(rendered(new DomainError('invalid_filter', 'x', details)).details[1].metadata).toEqual({
    parameter: 'filter',
    offset: '3',
    expected: '["eq","ne"]',
  })
})

test('the code is a number where numbers are asked for', () => {
  expect(rendered(new DomainError('not_found'), { 'x-enum-format': 'number' }).code).toBe(5)
})

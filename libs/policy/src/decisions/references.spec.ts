import fc from 'fast-check'
import { readAction, readGroup, readReference, readVerbatim, referencePattern } from './references.ts'

const id = '019a0000-0000-7000-8000-000000000001'

test.each([
  [`user:${id}`, 'User', id],
  [`user:${id.toUpperCase().replaceAll('-', '')}`, 'User', id],
  ['identity:ada', 'User', 'ada'],
  ['aws_account:123456789012', 'AwsAccount', '123456789012'],
  ['AwsAccount:123456789012', 'AwsAccount', '123456789012'],
  ['aws_rds_instance:arn:aws:rds:eu-central-1:1:db:orders', 'AwsRdsInstance', 'arn:aws:rds:eu-central-1:1:db:orders'],
  ['AWS::Account:1', 'AWS::Account', '1'],
  ['AWS::Account::"1"', 'AWS::Account', '1'],
  ['User::"a \\"b\\" \\\\"', 'User', 'a "b" \\'],
  ['github_repository:kubernetes/kubernetes', 'GithubRepository', 'kubernetes/kubernetes'],
])('%s is %s::%j', (text, type, read) => expect(readReference(text)).toEqual({ type, id: read }))

test.each(['', 'user', ':x', 'user:', 'User::', 'a b:c', '1a:b', '::"x"'])('%j names nothing', (text) => {
  expect(readReference(text)).toBeNull()
  expect(new RegExp(referencePattern, 's').test(text)).toBe(false)
})

test('what the pattern of the document takes is read, and nothing else is', () => {
  const pattern = new RegExp(referencePattern, 's')
  const near = fc.array(fc.constantFrom('User', '::', ':', '"', 'a', '\\', '_', ' ', '1'), { maxLength: 8 })
  fc.assert(
    fc.property(
      fc.oneof(
        near.map((parts) => parts.join('')),
        fc.string(),
      ),
      (text) => pattern.test(text) === (readReference(text) !== null),
    ),
    { numRuns: 2000 },
  )
})

test('an action is its id, or whole; a group likewise', () => {
  for (const text of ['read', 'Action::"read"', 'action:read', 'Action:read'])
    expect(readAction(text)).toEqual({ type: 'Action', id: 'read' })
  expect(readAction('AWS::Action::"read"')).toEqual({ type: 'AWS::Action', id: 'read' })
  expect(readAction('user:read')).toEqual({ type: 'Action', id: 'user:read' })
  expect(readGroup('on-call')).toEqual({ type: 'Group', id: 'on-call' })
  expect(readGroup(`group:${id}`)).toEqual({ type: 'Group', id })
  expect(readGroup('okta:admins')).toEqual({ type: 'Group', id: 'okta:admins' })
})

test('a set with types of its own is asked in its own words', () => {
  expect(readVerbatim('user:x')).toEqual({ type: 'user', id: 'x' })
  expect(readVerbatim({ type: 'aws_account', id: '1' })).toEqual({ type: 'aws_account', id: '1' })
})

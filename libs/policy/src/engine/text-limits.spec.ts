import { DomainError } from '#kernel'
import { Cedar } from './instance.ts'
import { limits } from './limits.ts'
import { checkPolicyText, checkSchemaText } from './text-limits.ts'

const rule = (condition: string): string => `permit(principal, action, resource) when { ${condition} };`
const nested = (depth: number): string => '('.repeat(depth) + 'true' + ')'.repeat(depth)
const chain = (length: number, link: string): string => `1${link.repeat(length)} == 1`

function refusal(text: string): DomainError {
  try {
    checkPolicyText(text, 'text')
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('the text was not refused')
}

test.each([
  ['140 nested parentheses', rule(nested(140)), '('],
  ['a set nested 140 deep', rule('['.repeat(140) + ']'.repeat(140)), '['],
  ['500 sums in a row', rule(chain(500, '+1')), '+'],
  ['500 products in a row', rule(chain(500, '*1')), '*'],
  ['400 attributes of attributes', rule(`context${'.a'.repeat(400)}`), '.'],
  ['20,000 dots', rule(`context${'.a'.repeat(20_000)}`), '.'],
  ['400 reserved words as attributes', rule(`context${'.is'.repeat(400)}`), '.'],
  ['400 indexes', rule(`context${'["a"]'.repeat(400)}`), '['],
  ['400 calls', rule(`context.a${'.isEmpty()'.repeat(400)}`), '('],
  ['400 negations', rule(`${'!'.repeat(400)}true`), '!'],
  ['400 nested ifs', rule(`${'if true then true else '.repeat(400)}true`), 'if'],
  ['400 ors', rule(`true${' || true'.repeat(400)}`), '||'],
  ['400 ands', rule(`true${' && true'.repeat(400)}`), '&&'],
  ['a name of 400 parts', `permit(principal is ${'A::'.repeat(400)}B, action, resource);`, '::'],
  ['a set of 100,000 elements', rule(`[${'1,'.repeat(100_000)}1].contains(1)`), ','],
  ['a hundred clauses', `permit(principal, action, resource) ${'when { true } '.repeat(100)};`, 'when'],
  ['a line that a comment hides from us only', `// c\r${rule(nested(140))}`, '('],
  ['a string that looks like a comment', rule(`"//" == ${nested(140)}`), '('],
])('refused at its offset, with the limit: %s', (_, text, at) => {
  const { code, message, details } = refusal(text)
  expect(code).toBe('invalid_body')
  expect(text.slice(Number(details?.offset)).startsWith(at)).toBe(true)
  expect(message).toContain(String(details?.limit))
  expect(message).toContain(`offset ${details?.offset}`)
})

test('a text and a rule have a greatest length', () => {
  expect(refusal(' '.repeat(limits.text + 1)).details).toMatchObject({ limit: limits.text, offset: limits.text })
  expect(refusal(`@a("") ${rule('true')} ${rule(`"${'x'.repeat(limits.rule)}" == ""`)}`).details).toMatchObject({
    limit: limits.rule,
  })
})

test('what stands in strings and comments counts for nothing', () => {
  const text = `${rule(`"${'('.repeat(200)}\\"${'.a'.repeat(200)}" == ""`)} // ${'['.repeat(200)}\n${rule('true')}`
  expect(checkPolicyText(text, 'text')).toHaveLength(2)
})

test('statements are found where they stand', () => {
  const text =
    '// first; one\n@notice("a;b") permit(principal, action, resource);\n\n forbid(principal, action, resource) ;'
  expect(checkPolicyText(text, 'text').map(({ start, end }) => text.slice(start, end))).toEqual([
    '@notice("a;b") permit(principal, action, resource);',
    'forbid(principal, action, resource) ;',
  ])
  expect(checkPolicyText(' // nothing', 'text')).toEqual([])
})

test('a rule as large as people write them passes', () => {
  const terms = Array.from({ length: 40 }, (_, index) => `context.a.b${index} == principal.c + 1`)
  expect(checkPolicyText(rule(terms.join(' && ')), 'text')).toHaveLength(1)
  expect(checkPolicyText(Array.from({ length: 500 }, () => rule('true')).join('\n'), 'text')).toHaveLength(500)
})

/** As deep and long as each limit allows, and all of them at once. */
const extremes = [
  nested(limits.brackets - 1),
  '['.repeat(limits.brackets - 2) + ']'.repeat(limits.brackets - 2) + ' == []',
  '{a:'.repeat(limits.brackets - 2) + '1' + '}'.repeat(limits.brackets - 2) + ' == {}',
  chain(limits.chain, '+1'),
  chain(limits.chain, '*1'),
  `context${'.a'.repeat(limits.chain)}`,
  `${'if true then true else '.repeat(limits.chain)}true`,
  `true${' && true'.repeat(limits.chain)}`,
  Array.from({ length: 40 }, () => `(1${'+1'.repeat(limits.chain)} == context${'.a'.repeat(limits.chain)})`).join('&&'),
  '(1+'.repeat(limits.brackets - 1) + `1${'+1'.repeat(limits.chain - 1)}` + ')'.repeat(limits.brackets - 1) + ' == 1',
]

test.each(extremes)('what passes does not trap Cedar: extreme %#', (condition) => {
  const cedar = new Cedar()
  const text = rule(condition)
  expect(checkPolicyText(text, 'text')).toHaveLength(1)
  const ann = { type: 'User', id: 'ann' }
  const request = { principal: ann, action: ann, resource: ann, context: {}, entities: [] }
  const answer = cedar.call((api) => api.isAuthorized({ ...request, policies: { staticPolicies: text } }))
  expect(answer.type).toBe('success')
})

test('types of a schema nest no deeper than other brackets', () => {
  expect(() => checkSchemaText(`entity User { a: ${'Set<'.repeat(140)}Long${'>'.repeat(140)} };`, 'schema')).toThrow(
    '64',
  )
  expect(() => checkSchemaText('entity User { a: Set<Set<Long>> }; action a, b in [c];', 'schema')).not.toThrow()
})

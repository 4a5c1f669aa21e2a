import fc from 'fast-check'
import { applyPatch, type Operation as Rfc6902 } from 'rfc6902'
import { DomainError } from '#kernel'
import { patched, type Json, type JsonObject, type PatchRules } from './index.ts'

const rules: PatchRules = {
  roots: ['name', 'description', 'enabled', 'config', 'list', 'tags'],
  aliases: { oldConfig: 'config' },
  flags: ['enabled'],
  appendable: ['tags'],
}
const object = (): JsonObject => ({
  id: 'a1',
  name: 'Payroll',
  description: null,
  enabled: true,
  config: { steps: [{ type: 'OWNER' }, { type: 'MANAGER' }], 'a/b': 1, 'm~n': 2, '': 3 },
  list: ['a', 'b', 'c'],
  tags: [{ id: '2c91808a7190d06e01719938fcd20792', name: 'one' }],
})

test.each<[string, object[], object]>([
  ['add sets a member', [{ op: 'add', path: '/description', value: 'x' }], { description: 'x' }],
  ['add inserts before an index', [{ op: 'add', path: '/list/1', value: 'x' }], { list: ['a', 'x', 'b', 'c'] }],
  ['add at - appends', [{ op: 'add', path: '/list/-', value: 'x' }], { list: ['a', 'b', 'c', 'x'] }],
  ['add at the length appends', [{ op: 'add', path: '/list/3', value: 'x' }], { list: ['a', 'b', 'c', 'x'] }],
  ['replace takes the place of a value', [{ op: 'replace', path: '/list/0', value: 'x' }], { list: ['x', 'b', 'c'] }],
  ['replace with null clears', [{ op: 'replace', path: '/name', value: null }], { name: null }],
  ['remove takes away', [{ op: 'remove', path: '/list/1' }], { list: ['a', 'c'] }],
  ['move', [{ op: 'move', from: '/list/0', path: '/list/2' }], { list: ['b', 'c', 'a'] }],
  ['move onto itself does nothing', [{ op: 'move', from: '/list/0', path: '/list/0' }], {}],
  ['copy', [{ op: 'copy', from: '/id', path: '/description' }], { description: 'a1' }],
  [
    'test of equal values goes on',
    [
      { op: 'test', path: '/list', value: ['a', 'b', 'c'] },
      { op: 'remove', path: '/list' },
    ],
    { list: undefined },
  ],
  ['test ignores the order of members', [{ op: 'test', path: '/config/steps/0', value: { type: 'OWNER' } }], {}],
  ['test may read what cannot be changed', [{ op: 'test', path: '/id', value: 'a1' }], {}],
  [
    'an escaped slash',
    [{ op: 'replace', path: '/config/a~1b', value: 9 }],
    { config: { ...(object()['config'] as object), 'a/b': 9 } },
  ],
  [
    'an escaped tilde',
    [{ op: 'replace', path: '/config/m~0n', value: 9 }],
    { config: { ...(object()['config'] as object), 'm~n': 9 } },
  ],
  [
    'an empty name',
    [{ op: 'replace', path: '/config/', value: 9 }],
    { config: { ...(object()['config'] as object), '': 9 } },
  ],
  ['an alias', [{ op: 'replace', path: '/oldConfig', value: null }], { config: null }],
  ['a flag as text', [{ op: 'replace', path: '/enabled', value: 'false' }], { enabled: false }],
])('%s', (_, patch, change) => {
  expect(patched(object(), patch, rules)).toEqual({ ...object(), ...change })
})

test('add of an array to an appendable member appends what is not there, whatever the form of its id', () => {
  const value = [{ id: '2C91808A-7190-D06E-0171-9938FCD20792' }, { id: 'b' }, { id: 'b' }]
  expect(patched(object(), [{ op: 'add', path: '/tags', value }], rules)['tags']).toEqual([
    { id: '2c91808a7190d06e01719938fcd20792', name: 'one' },
    { id: 'b' },
  ])
  expect(patched(object(), [{ op: 'replace', path: '/tags', value: [] }], rules)['tags']).toEqual([])
})

test.each<[string, unknown, string, string]>([
  ['one operation without its array', { op: 'remove', path: '/list' }, 'syntax', 'array of operations'],
  ['an operation that is no object', ['remove'], 'syntax', 'Operation 1'],
  ['an unknown operation', [{ op: 'merge', path: '/name', value: 1 }], 'value', 'op must be one of'],
  ['no operation', [{ path: '/name' }], 'missing', 'op must be one of'],
  ['no path', [{ op: 'remove' }], 'missing', 'needs a path'],
  ['no value', [{ op: 'add', path: '/name' }], 'missing', 'needs a value'],
  ['no from', [{ op: 'move', path: '/name' }], 'missing', 'needs a from'],
  ['a path that is no pointer', [{ op: 'remove', path: 'name' }], 'value', 'JSON Pointer'],
  ['a wrong escape', [{ op: 'remove', path: '/config/~2' }], 'value', 'JSON Pointer'],
  ['a prototype', [{ op: 'add', path: '/config/__proto__/admin', value: true }], 'value', '__proto__'],
  ['a constructor', [{ op: 'add', path: '/config/constructor', value: {} }], 'value', 'constructor'],
  ['an inherited member', [{ op: 'remove', path: '/config/toString' }], 'value', 'nothing at'],
  ['what cannot be changed', [{ op: 'replace', path: '/id', value: 'b' }], 'immutable', '"id" field'],
  ['what cannot be moved away', [{ op: 'move', from: '/id', path: '/name' }], 'immutable', '"id" field'],
  ['the whole', [{ op: 'replace', path: '', value: {} }], 'immutable', 'the whole object'],
  ['an index beyond the end', [{ op: 'add', path: '/list/4', value: 'x' }], 'value', 'from 0 to 3'],
  ['an index with a leading zero', [{ op: 'remove', path: '/list/01' }], 'value', 'nothing at /list/01'],
  ['a negative index', [{ op: 'remove', path: '/list/-1' }], 'value', 'nothing at'],
  ['- for what exists', [{ op: 'replace', path: '/list/-', value: 1 }], 'value', 'nothing at'],
  ['replace of nothing', [{ op: 'replace', path: '/config/none', value: 1 }], 'value', 'nothing at'],
  ['a member of a text', [{ op: 'add', path: '/name/x', value: 1 }], 'value', 'no object and no array'],
  ['a member of null', [{ op: 'add', path: '/description/x', value: 1 }], 'value', 'no object and no array'],
  ['a move into itself', [{ op: 'move', from: '/config', path: '/config/steps/0' }], 'value', 'into itself'],
  ['a test that fails', [{ op: 'test', path: '/name', value: 'payroll' }], 'value', 'the value is "Payroll"'],
  ['a test of nothing', [{ op: 'test', path: '/config/none', value: null }], 'value', 'nothing at'],
  [
    'too many operations',
    Array.from({ length: 501 }, () => ({ op: 'test', path: '/name', value: 'Payroll' })),
    'too_many',
    '500',
  ],
])('refuses %s', (_, patch, reason, text) => {
  const before = object()
  const refused = refusalOf(() => patched(before, patch, rules))
  expect(refused.message).toContain(text)
  const fields = (refused.details?.['fields'] ?? [refused.details]) as { reason: string }[]
  expect(fields[0]?.reason).toBe(reason)
  expect(before).toEqual(object())
})

test('copies of copies are refused before they fill the memory', () => {
  const doubling = Array.from({ length: 500 }, (_, n) => ({ op: 'copy', from: '/config', path: `/config/${n}` }))
  const flat = doubling.map(() => ({ op: 'copy', from: '/list', path: '/list/-' }))
  for (const patch of [doubling.slice(0, 20), flat]) {
    const { message, details } = refusalOf(() => patched(object(), patch, rules))
    expect([message, details?.['fields']]).toEqual([
      expect.stringContaining('1000000 characters'),
      [expect.objectContaining({ reason: 'too_many' })],
    ])
  }
})

test('operations together nest no deeper than a body may', () => {
  const nested = (levels: number): Json => (levels === 0 ? 1 : { a: nested(levels - 1) })
  const deep = `/config${'/a'.repeat(31)}`
  const most = [{ op: 'add', path: '/config', value: nested(31) }]
  expect(patched(object(), most, rules)['config']).toEqual(nested(31))
  for (const more of [
    { op: 'add', path: deep, value: { b: 1 } },
    { op: 'replace', path: deep, value: [1] },
    { op: 'copy', from: '/list', path: deep },
    { op: 'move', from: '/list', path: deep },
  ])
    expect(refusalOf(() => patched(object(), [...most, more], rules)).message).toContain('nested deeper than 32')
})

test('a refusal after operations that succeed changes nothing, and names the one that failed', () => {
  const before = object()
  const patch = [
    { op: 'replace', path: '/name', value: 'x' },
    { op: 'remove', path: '/list/9' },
  ]
  expect(refusalOf(() => patched(before, patch, rules)).message).toContain('Operation 2 (remove /list/9)')
  expect(before).toEqual(object())
})

describe('against another implementation of RFC 6902', () => {
  const open: PatchRules = { roots: ['a', 'b', 'c'] }
  const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(null, true, 0, 1, 'x', ''),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'x/y', 'm~n', ''), tie('value'), { maxKeys: 3 }),
    ),
  }))
  const token = fc.constantFrom('a', 'b', 'x~1y', 'm~0n', '', '0', '1', '2', '3')
  const path = fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.array(token, { maxLength: 3 }))
    .map(([root, rest]) => `/${[root, ...rest].join('/')}`)
  const operation = fc.oneof(
    fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path, value: json }),
    fc.record({ op: fc.constant('remove'), path }),
    fc.record({ op: fc.constantFrom('move', 'copy'), path, from: path }),
  )
  const document = fc.record({ a: json, b: json, c: json })

  test('an accepted patch gives what the standard gives, and a refused one changes nothing', () => {
    let accepted = 0
    fc.assert(
      fc.property(document, fc.array(operation, { maxLength: 4 }), (given, patch) => {
        const before = structuredClone(given)
        const expected = standard(given, patch)
        const actual = ours(given, patch)
        expect(given).toEqual(before)
        // The other one takes names for indexes and drops members of texts, where the standard wants an error.
        if (actual === 'refused') return
        expect(actual).toEqual(expected)
        accepted += 1
      }),
      { numRuns: 5000 },
    )
    expect(accepted).toBeGreaterThan(500)
  })

  function standard(given: JsonObject, patch: readonly object[]): JsonObject | 'refused' {
    // Of this realm, whose arrays the other implementation knows.
    const copy = JSON.parse(JSON.stringify(given)) as JsonObject
    for (const each of patch) {
      try {
        if (applyPatch(copy, [each as Rfc6902]).some((error) => error !== null)) return 'refused'
      } catch {
        return 'refused'
      }
    }
    return copy
  }

  function ours(given: JsonObject, patch: readonly object[]): JsonObject | 'refused' {
    try {
      return patched(given, patch, open)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return 'refused'
    }
  }
})

function refusalOf(work: () => unknown): DomainError {
  try {
    work()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('It was not refused')
}

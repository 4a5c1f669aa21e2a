import { DomainError } from '#kernel'
import { typeDefaults, type AccessProfileType } from './access-profile-types.dto.ts'
import { beginning, contradictions, prefixedName, violations, type TypedContents } from './type-rules.ts'

const type = (rules: Partial<AccessProfileType> = {}): AccessProfileType => ({
  ...typeDefaults,
  id: '019a0000-0000-7000-8000-000000000001',
  name: 'Single application',
  built_in: false,
  created_by: 'x',
  version: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  ...rules,
})
const parent = { id: 'p', name: 'Parent', type_id: 'a' }
const nothing: TypedContents = {
  own: 0,
  parents: [],
  count: 0,
  sources: [],
  integrations: [],
  application_datasource_id: null,
  access_request_policy_id: null,
}
const broken = (rules: Partial<AccessProfileType>, given: Partial<TypedContents>): string[] =>
  violations(type(rules), { ...nothing, ...given }).map(({ field }) => field)

describe('what a profile of a type may give', () => {
  test.each<[string, Partial<AccessProfileType>, Partial<TypedContents>, string[]]>([
    ['no rules refuse nothing', {}, { own: 3, count: 9, parents: [parent], sources: ['a', 'b'], integrations: ['A', 'B'] }, []],
    ['entitlements of its own', { allow_create_relationships: false }, { own: 1 }, ['entitlements']],
    ['entitlements at all', { no_entitlements: true }, { own: 1 }, ['entitlements']],
    ['inheritance', { allow_inherit_entities: false }, { parents: [parent] }, ['inherits']],
    ['inherited entitlements where there are to be none', { no_entitlements: true }, { parents: [parent] }, ['inherits']],
    ['parents of another type', { allow_inherited_from_types: ['b'] }, { parents: [parent] }, ['inherits']],
    ['parents of a type it names', { allow_inherited_from_types: ['b', 'a'] }, { parents: [parent] }, []],
    ['two sources', { require_single_datasource: true }, { sources: ['a', 'b'] }, ['entitlements']],
    ['one source', { require_single_datasource: true }, { sources: ['a'] }, []],
    ['two integrations', { require_single_integration: true }, { integrations: ['A', 'B'] }, ['entitlements']],
    ['two sources of one integration', { require_single_integration: true }, { sources: ['a', 'b'], integrations: ['A'] }, []],
    ['more than the most', { max_entitlements: 2 }, { own: 1, count: 3 }, ['entitlements']],
    ['exactly the most', { max_entitlements: 2 }, { own: 1, count: 2 }, []],
    ['an application beside entitlements', {}, { application_datasource_id: 'crm' }, ['application_datasource_id']],
    [
      'an application instead of entitlements',
      { no_entitlements: true },
      { application_datasource_id: 'crm' },
      [],
    ],
    [
      'another policy where the type keeps its own',
      { allow_overwrite_of_access_request_policy: false, access_request_policy_id: 'x' },
      { access_request_policy_id: 'y' },
      ['access_request_policy_id'],
    ],
    [
      'every broken rule at once',
      { allow_inherit_entities: false, max_entitlements: 1 },
      { parents: [parent], count: 2 },
      ['inherits', 'entitlements'],
    ],
  ])('%s', (_, rules, given, fields) => expect(broken(rules, given)).toEqual(fields))
}) // prettier-ignore

describe('how a profile begins', () => {
  const asked = { publish: undefined, state: undefined }

  it('is what it asks for when its type leaves it open', () => {
    expect(beginning(type(), { publish: false, state: 'paused' })).toEqual({ publish: false, state: 'paused' })
  })

  it.each([
    ['draft', { publish: false, state: 'paused' }],
    ['published', { publish: true, state: 'paused' }],
    ['running', { publish: true, state: 'running' }],
  ] as const)('is decided by a type whose profiles begin %s', (on_create_behavior, begun) => {
    expect(beginning(type({ on_create_behavior }), asked)).toEqual(begun)
    expect(beginning(type({ on_create_behavior }), begun)).toEqual(begun)
  })

  it('cannot contradict its type', () => {
    expect(() => beginning(type({ on_create_behavior: 'draft' }), { ...asked, state: 'running' })).toThrow(DomainError)
    expect(() => beginning(type({ on_create_behavior: 'running' }), { ...asked, publish: false })).toThrow(/publish/)
  })
})

describe('the name of a profile', () => {
  const prefixing = type({ add_integration_prefix_to_access_profile_names: true, require_single_integration: true })

  it.each([
    ['Developer', ['SALESFORCE'], 'SALESFORCE: Developer'],
    ['SALESFORCE: Developer', ['SALESFORCE'], 'SALESFORCE: Developer'],
    ['salesforce: developer', ['SALESFORCE'], 'salesforce: developer'],
    ['Developer', [], 'Developer'],
  ])('%s of %j is %s', (name, integrations, prefixed) =>
    expect(prefixedName(prefixing, name, integrations)).toBe(prefixed),
  )

  it('has no integration before it that it does not give any more', () => {
    expect(prefixedName(prefixing, 'AWS: Developer', ['SALESFORCE'], ['AWS'])).toBe('SALESFORCE: Developer')
    expect(prefixedName(prefixing, 'AWS: Developer', ['SALESFORCE'], ['SALESFORCE'])).toBe('SALESFORCE: AWS: Developer')
  })

  it('is left alone where the type asks for no prefix', () =>
    expect(prefixedName(type(), 'Developer', ['AWS'])).toBe('Developer'))
})

test('a type whose rules need each other has both', () => {
  expect(contradictions(type({ add_integration_prefix_to_access_profile_names: true }))).toHaveLength(1)
  expect(contradictions(type({ create_entitlement_based_on_profile: true, require_single_integration: true }))).toEqual(
    [],
  )
  expect(contradictions(type({ allow_inherit_entities: false, allow_inherited_from_types: ['a'] }))).toHaveLength(1)
})

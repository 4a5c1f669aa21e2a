import fc from 'fast-check'
import type { Language, Operator } from '#filter'
import type { Person } from '../../libs/filter/src/cases/people.ts'
import type { FilterTree, Literal, Test } from '../../libs/filter/src/tree.ts'

/** Texts that often meet: few letters, in both cases, with what means something to a parser, to LIKE or to SQL. */
const pieces = [
  'a',
  'A',
  'b',
  'é',
  'É',
  'ς',
  'Σ',
  'σ',
  'İ',
  'ß',
  '%',
  '_',
  '\\',
  '"',
  "'",
  ' ',
  '+',
  '🦊',
  '\u{ffff}',
  'or',
  '',
]
export const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((each) => each.join(''))
const ids = fc.constantFrom(...Array.from({ length: 4 }, (_, index) => `019a0000-0000-7000-8000-0000000000a${index}`))
const moments = fc.constantFrom(0, 1, 999, 1000, 86_400_000).map((ms) => new Date(Date.UTC(2024, 0) + ms).toISOString())
const numbers = fc.constantFrom(-2, 0, 1, 2.5, 3)
const kinds = fc.constantFrom('Person', 'Machine')

const json = fc.oneof(texts, numbers, fc.boolean(), fc.constant(null), fc.constant({}), fc.array(fc.oneof(texts, numbers), { maxLength: 3 })) // prettier-ignore
const orNull = <T>(each: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(each, { nil: null })

export const persons: fc.Arbitrary<Person> = fc.record({
  id: fc.uuid({ version: 7 }),
  name: texts,
  nick: orNull(texts),
  code: texts,
  active: orNull(fc.boolean()),
  level: orNull(fc.integer({ min: -2, max: 3 })),
  joined_at: moments,
  left_at: orNull(moments),
  manager_id: orNull(ids),
  kind: kinds as fc.Arbitrary<Person['kind']>,
  labels: orNull(fc.array(texts, { maxLength: 3 })),
  emails: orNull(
    fc.array(fc.record({ type: fc.constantFrom('work', 'home'), value: texts, primary: orNull(fc.boolean()) }), {
      maxLength: 3,
    }),
  ),
  groups: fc.array(ids, { maxLength: 2 }),
  attributes: orNull(fc.dictionary(fc.constantFrom('a', 'b'), json)),
  resource: orNull(fc.record({ type: texts, id: texts })),
})

type Values = fc.Arbitrary<Literal>
const text = (each: fc.Arbitrary<string>): Values => each.map((value) => ({ type: 'text', value, at: 0 }))
const number: Values = numbers.map((value) => ({ type: 'number', value, at: 0 }))
const boolean: Values = fc.boolean().map((value) => ({ type: 'boolean', value, at: 0 }))
const nothing: Literal = { type: 'null', value: null, at: 0 }

const equality: readonly Operator[] = ['eq', 'ne']
const ordering: readonly Operator[] = ['gt', 'ge', 'lt', 'le']
const matching: readonly Operator[] = ['co', 'sw', 'ew']
const all = [...equality, ...ordering, ...matching]

const sides: readonly [name: string, operators: readonly Operator[], values: Values][] = [
  ['name', all, text(texts)],
  ['nick', all, text(texts)],
  ['code', all, text(texts)],
  ['active', equality, boolean],
  ['level', [...equality, ...ordering], number],
  ['joined_at', [...equality, ...ordering], text(moments)],
  ['left_at', [...equality, ...ordering], text(moments)],
  ['manager_id', equality, text(fc.oneof(ids, ids.map((id) => id.replaceAll('-', '').toUpperCase()), texts))],
  ['kind', equality, text(kinds)],
  ['state', equality, text(fc.constantFrom('here', 'gone'))],
  ['labels', all, text(texts)],
  ['words', all, text(texts)],
  ['tags', ['co', 'eq', 'ne'], text(texts)],
  ['groups', equality, text(ids)],
  ['teams', equality, text(ids)],
  ['emails.value', all, text(texts)],
  ['emails.primary', equality, boolean],
  ['attributes.a', all, text(texts)],
  ['attributes.a', [...equality, ...ordering], number],
  ['attributes.b', equality, boolean],
  ['resource.type', all, text(texts)],
] // prettier-ignore

const lacking = ['nick', 'active', 'level', 'left_at', 'manager_id', 'labels', 'tags', 'groups', 'emails.value', 'attributes.a', 'attributes.b', 'resource.type'] // prettier-ignore

const test = (name: string, operator: Operator, values: readonly Literal[]): Test => ({
  kind: 'test', path: { at: 0, urn: null, name }, operator, operatorAt: 0, values,
}) // prettier-ignore

const comparison = fc
  .constantFrom(...sides)
  .chain(([name, operators, values]) =>
    fc.tuple(fc.constantFrom(...operators), values).map(([operator, value]) => test(name, operator, [value])),
  )
const presence = fc
  .tuple(fc.constantFrom(...lacking), fc.constantFrom<Operator>('pr', 'eq', 'ne'))
  .map(([name, operator]) => test(name, operator, operator === 'pr' ? [] : [nothing]))

const listed = fc
  .constantFrom<[string, Values]>(
    ['name', text(texts)],
    ['code', text(texts)],
    ['level', number],
    ['manager_id', text(ids)],
    ['kind', text(kinds)],
    ['labels', text(texts)],
    ['words', text(texts)],
    ['attributes.a', text(texts)],
  )
  .chain(([name, values]) => fc.array(values, { minLength: 1, maxLength: 3 }).map((each) => test(name, 'in', each)))
const containing = fc
  .constantFrom('labels', 'words', 'tags')
  .chain((name) => fc.array(text(texts), { minLength: 1, maxLength: 2 }).map((each) => test(name, 'ca', each)))
const isNull = fc.constantFrom(...lacking).map((name) => test(name, 'isnull', []))

const inElement = fc.oneof(
  fc.tuple(fc.constantFrom(...all), text(texts)).map(([operator, value]) => test('value', operator, [value])),
  fc.constantFrom('work', 'home').map((value) => test('type', 'eq', [{ type: 'text', value, at: 0 }])),
  boolean.map((value) => test('primary', 'ne', [value])),
)

/** Random trees over the fields of the people, as a language can write them. */
export function trees(language: Language): fc.Arbitrary<FilterTree> {
  const scim = language === 'scim'
  const spoken = ({ operator }: Test): boolean => scim || operator !== 'ew'
  const comparisons = scim
    ? fc.oneof(comparison, presence)
    : fc.oneof(comparison.filter(spoken), presence, listed, containing, isNull).filter(noSubAttribute)
  const element = junctions(inElement, 2).map((term): FilterTree => ({ kind: 'element', path: { at: 0, urn: null, name: 'emails' }, term })) // prettier-ignore
  return junctions(scim ? fc.oneof({ arbitrary: comparisons, weight: 4 }, element) : comparisons, 4)
}

const noSubAttribute = ({ path }: Test): boolean => !path.name.startsWith('emails')

function junctions(leaves: fc.Arbitrary<FilterTree>, maxDepth: number): fc.Arbitrary<FilterTree> {
  return fc.letrec<{ tree: FilterTree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth, depthSize: 'small' },
      leaves,
      fc.tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 3 })).map(([kind, terms]): FilterTree => ({ kind, terms })),
      tie('tree').map((term): FilterTree => ({ kind: 'not', at: 0, term })),
    ),
  })).tree // prettier-ignore
}

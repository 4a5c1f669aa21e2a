import { builtIn, builtInText } from './built-in.ts'
import { declaredNames } from './declared-names.ts'

const named = (text: string): string[] => [...declaredNames(text)].toSorted()

test.each([
  ['entity A;', ['entity A']],
  ['entity A, B in [C, D] = { entity: Long, type?: { action: String } } tags Set<String>;', ['entity A', 'entity B']],
  ['action a, "b c" in [d, "e"] appliesTo { principal: [F], resource: [G], context: {} };', ['action a', 'action b c']],
  ['type T = { x: Long }; type U = Set<T>;', ['type T', 'type U']],
  ['@doc("entity X;") @entity("y") entity A;', ['entity A']],
  ['// entity X;\nentity A; // entity Y;', ['entity A']],
  ['namespace N { entity X; action y; } entity A;', ['entity A']],
  ['namespace N::M { entity X = { a: { b: Long } }; } type T = Long;', ['type T']],
  ['entity Level enum ["entity Low", "High"];', ['entity Level']],
  ['', []],
  ['entity', []],
  ['entity ;', []],
])('%s declares %j', (text, names) => expect(named(text)).toEqual(names))

test('every name of the built-in schema is found in its text', () => {
  expect(named(builtInText)).toEqual(builtIn.map(({ kind, name }) => `${kind} ${name}`).toSorted())
})

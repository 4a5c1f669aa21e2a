/**
 * What the engine takes. Cedar itself traps, and takes its whole WebAssembly instance with it, on brackets nested 135
 * deep, on a chain of 400 attributes or 500 sums, on entities with 5,000 ancestors; these limits stand well below.
 */
export const limits = {
  /** A text of policies or a schema, in characters. */
  text: 524_288,
  /** One rule, in characters of its text or of its JSON. */
  rule: 65_536,
  /** Rules, templates and links in one set. */
  rules: 10_000,
  /** `when` and `unless` of one rule. */
  clauses: 50,
  /** Brackets within brackets. */
  brackets: 64,
  /** Operators of one kind in a row, attributes of attributes, namespaces of a name. */
  chain: 48,
  /** Elements of a set, fields of a record, arguments of a call. */
  elements: 1000,
  /** Operators within operators: JSON of an expression nests two levels for each. */
  expressionJson: 104,
  /** JSON of a context, of an attribute, of a schema. */
  valueJson: 64,
  /** A string in a value, in characters. */
  string: 65_536,
  /** The same in a live question: `like` takes as many steps as the string and its pattern are long, multiplied. */
  liveString: 4096,
  /** Values in one context, or in all the entities of a question. */
  values: 200_000,
  entities: 20_000,
  /** Entities above one another. */
  ancestors: 64,
  /** Parents of one entity. */
  parents: 5000,
} as const

export type Limit = keyof typeof limits

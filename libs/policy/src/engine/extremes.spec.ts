import fc from 'fast-check'
import { question, ref } from '../../../../test/support/policies.ts'
import type { Context, LiveRule } from './types.ts'
import { CompiledSet } from './compiled-set.ts'
import { Cedar } from './instance.ts'
import { depthOf } from './json-depth.ts'
import { limits } from './limits.ts'
import { LiveDecisions } from './live-decisions.ts'
import { checkRuleJson } from './source-limits.ts'

/*
 * The limits are what keeps the live instance from trapping, so what just passes them is tried here: every operator
 * nested as deep as it may be, alone and mixed.
 */

type Expression = object

const entity = { Value: { __entity: ref('A::a') } }
const operators: Readonly<Record<string, (inner: Expression) => Expression>> = {
  not: (inner) => ({ '!': { arg: inner } }),
  negative: (inner) => ({ neg: { arg: inner } }),
  sum: (inner) => ({ '+': { left: inner, right: { Value: 1 } } }),
  'sum on the right': (inner) => ({ '+': { left: { Value: 1 }, right: inner } }),
  product: (inner) => ({ '*': { left: inner, right: { Value: 1 } } }),
  and: (inner) => ({ '&&': { left: inner, right: { Value: true } } }),
  'and on the right': (inner) => ({ '&&': { left: { Value: true }, right: inner } }),
  or: (inner) => ({ '||': { left: { Value: false }, right: inner } }),
  equal: (inner) => ({ '==': { left: inner, right: { Value: 1 } } }),
  'if of': (inner) => branch(inner, { Value: true }, { Value: false }),
  'if then': (inner) => branch({ Value: true }, inner, { Value: 1 }),
  'if else': (inner) => branch({ Value: false }, { Value: 1 }, inner),
  set: (inner) => ({ Set: [inner] }),
  record: (inner) => ({ Record: { a: inner } }),
  'attribute of a record': (inner) => ({ '.': { left: { Record: { a: inner } }, attr: 'a' } }),
  attribute: (inner) => ({ '.': { left: inner, attr: 'a' } }),
  has: (inner) => ({ has: { left: inner, attr: 'a' } }),
  contains: (inner) => ({ contains: { left: { Set: [{ Value: 1 }] }, right: inner } }),
  address: (inner) => ({ ip: [inner] }),
  like: (inner) => ({ like: { left: inner, pattern: ['Wildcard'] } }),
  is: (inner) => ({ is: { left: inner, entity_type: 'A' } }),
  in: (inner) => ({ in: { left: inner, right: entity } }),
}
const parts = ['if', 'then', 'else']

/** Not written as an object: one with `then` looks like a promise. */
function branch(...operands: readonly [condition: Expression, yes: Expression, no: Expression]): Expression {
  return { 'if-then-else': Object.fromEntries(operands.map((operand, index) => [parts[index], operand])) }
}

const leaves: readonly Expression[] = [{ Value: true }, { Value: 1 }, { Var: 'context' }, entity]

function rule(body: Expression): LiveRule {
  const any = { op: 'All' } as const
  const conditions = [{ kind: 'when', body }] as LiveRule['json']['conditions']
  return {
    id: 'r',
    priority: 0,
    ordinal: 0,
    json: { effect: 'permit', principal: any, action: any, resource: any, conditions },
  }
}

/** Wrapped in operators, the outermost last, as long as the limits let it. */
function deepest(leaf: Expression, choose: (level: number) => (inner: Expression) => Expression): Expression {
  let body = leaf
  for (let level = 0; ; level++) {
    const wrapped = choose(level)(body)
    if (depthOf(rule(wrapped).json) > limits.expressionJson) return body
    body = wrapped
  }
}

const nested: Context = (() => {
  let value: Context = { a: 1 }
  for (let level = 0; level < limits.valueJson - 2; level++) value = { a: value as never }
  return value
})()

const traps: string[] = []
const live = new LiveDecisions(new Cedar(), (_, trap) => traps.push(trap.message))
let version = 0

async function expectNoTrap(body: Expression): Promise<void> {
  const one = rule(body)
  checkRuleJson(one.json, 'rule')
  await live.decide(await CompiledSet.of('t', String(++version), [one]), question({ context: nested }))
  expect(traps).toEqual([])
}

test.each(Object.keys(operators))('nested as deep as it may be, it does not trap a decision: %s', async (name) => {
  const operator = operators[name]
  if (operator === undefined) throw new Error('each has its name')
  for (const leaf of leaves) await expectNoTrap(deepest(leaf, () => operator))
})

test('no mixture of operators within the limits traps a decision', async () => {
  const choice = fc.array(fc.constantFrom(...Object.values(operators)), { minLength: 60, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...leaves), choice, async (leaf, chosen) => {
      await expectNoTrap(deepest(leaf, (level) => chosen[level] ?? operators.not ?? ((inner) => inner)))
    }),
    { numRuns: 200 },
  )
})

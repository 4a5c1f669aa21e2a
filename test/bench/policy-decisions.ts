import { Database, Readiness } from '#platform'
import type { Entity, EntityRef } from '../../libs/policy/src/engine/cedar.ts'
import { Cedar } from '../../libs/policy/src/engine/instance.ts'
import { PolicyEngine } from '../../libs/policy/src/engine/policy-engine.ts'
import { Sandbox } from '../../libs/policy/src/engine/sandbox.ts'
import type { LiveRequest, LiveRule, LiveSet } from '../../libs/policy/src/engine/types.ts'
import type { Bench, Benchmark, Effort, Section } from './tools/benchmark.ts'
import { median } from './tools/rounds.ts'

const rulesInAll = 1000
const candidates = 10
const resources = rulesInAll / candidates
const batchSize = 1000

const leastOfBare = 0.7
const leastOfNaive = 10
const mostBatchMs = 150

/** A live decision, from the request to the notices, against Cedar alone on the rules that matter, and on all of them. */
export const policyDecisions: Benchmark = {
  name: 'policy-decisions',
  title: `Decide by ${rulesInAll.toLocaleString('en')} rules, ${candidates} of which speak of the question, one thread`,
  run: measure,
}

interface Contestant {
  readonly name: string
  decide(round: number): Promise<boolean> | boolean
}

async function measure({ effort, say }: Bench): Promise<Section> {
  const engine = new PolicyEngine(new Readiness(new Database({ url: '', poolSize: 1 })), new Sandbox())
  try {
    const texts = Array.from({ length: rulesInAll }, (_, index) => ruleText(index))
    say(`reading ${rulesInAll} rules …`)
    const parsed = await engine.parse('bench', texts.join('\n'))
    const rules = parsed.map(({ json }, index): LiveRule => ({ id: `rule${index}`, priority: 0, ordinal: index, json }))
    const set: LiveSet = { tenantId: 'bench', version: 1, load: async () => rules }
    const contestants: Contestant[] = [
      { name: 'castellan', decide: async (round) => (await engine.decide(set, request(round))).permitted },
      bare(`Cedar, the ${candidates} rules prepared`, (resource) => ofResource(rules, resource)),
      bare(`Cedar, all ${rulesInAll.toLocaleString('en')} rules prepared`, () => rules),
    ]
    await checkSameDecisions(contestants)
    say(`${effort.rounds} rounds …`)
    const rates = await interleaved(contestants, effort)
    const batch = await batchTimes(engine, set, effort)
    return section(contestants, rates, batch, effort)
  } finally {
    await engine.onApplicationShutdown()
  }
}

/** Half of the resource's rules are satisfied; one in ten forbids, and is not. */
function ruleText(index: number): string {
  const [effect, level] = index % candidates === 9 ? ['forbid', 99] : ['permit', index % 4]
  return `@notice("Rule ${index} was here") ${effect}(principal in Group::"oncall", action == Action::"request_access", resource == Entitlement::"e${Math.floor(index / candidates)}")
    when { context.duration <= 3600 && principal.level > ${level} };`
}

function ofResource(rules: readonly LiveRule[], resource: number): LiveRule[] {
  return rules.slice(resource * candidates, (resource + 1) * candidates)
}

const ann: EntityRef = { type: 'User', id: 'ann' }
const oncall: EntityRef = { type: 'Group', id: 'oncall' }
const staff: EntityRef = { type: 'Group', id: 'staff' }
const production: EntityRef = { type: 'AccessProfile', id: 'production' }

/** Another resource each time, so that every prepared set is in use. */
function request(round: number): LiveRequest {
  const resource = { type: 'Entitlement', id: `e${round % resources}` }
  const entities: Entity[] = [
    { uid: ann, attrs: { level: 2, email: 'ann@bench.example' }, parents: [oncall] },
    { uid: oncall, attrs: {}, parents: [staff] },
    { uid: staff, attrs: {}, parents: [] },
    { uid: resource, attrs: { risk: 'low' }, parents: [production] },
    { uid: production, attrs: {}, parents: [] },
  ]
  const context = { duration: 1800, reason: 'On call this week' }
  return { principal: ann, action: { type: 'Action', id: 'request_access' }, resource, context, entities }
}

function bare(name: string, rulesOf: (resource: number) => readonly LiveRule[]): Contestant {
  const cedar = new Cedar()
  const prepared = new Map<readonly LiveRule[] | number, string>()
  const shared = rulesOf(0) === rulesOf(1)
  const prepare = (resource: number): string => {
    const key = shared ? 0 : resource
    const known = prepared.get(key)
    if (known !== undefined) return known
    const staticPolicies = Object.fromEntries(rulesOf(resource).map(({ id, json }) => [id, json]))
    cedar.call((api) => api.preparsePolicySet(`set${key}`, { staticPolicies }))
    prepared.set(key, `set${key}`)
    return `set${key}`
  }
  return {
    name,
    decide: (round) => {
      const { principal, action, resource, context, entities } = request(round)
      const preparsedPolicySetId = prepare(round % resources)
      const answer = cedar.call((api) =>
        api.statefulIsAuthorized({
          principal,
          action,
          resource,
          context: { ...context },
          entities: [...entities],
          preparsedPolicySetId,
        }),
      )
      if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
      return answer.response.decision === 'allow'
    },
  }
}

async function checkSameDecisions(contestants: readonly Contestant[]): Promise<void> {
  for (let round = 0; round < resources; round++) {
    for (const { name, decide } of contestants)
      if (!(await decide(round))) throw new Error(`${name} denies what all three should permit`)
  }
}

/** Decisions a second, of each contestant in each round. */
async function interleaved(contestants: readonly Contestant[], effort: Effort): Promise<Map<Contestant, number[]>> {
  const rates = new Map<Contestant, number[]>(contestants.map((each) => [each, []]))
  for (const each of contestants) await rate(each, effort.seconds)
  for (let round = 0; round < effort.rounds * 2; round++)
    for (const [each, found] of rates) found.push(await rate(each, effort.seconds / 4))
  return rates
}

async function rate({ decide }: Contestant, seconds: number): Promise<number> {
  const start = performance.now()
  const end = start + seconds * 1000
  let count = 0
  while (performance.now() < end) await decide(count++)
  return (count * 1000) / (performance.now() - start)
}

async function batchTimes(engine: PolicyEngine, set: LiveSet, effort: Effort): Promise<number[]> {
  const { resource: _, ...asked } = request(0)
  const many = Array.from({ length: batchSize }, (_each, index) => ({ type: 'Entitlement', id: `e${index}` }))
  const entities = [
    ...asked.entities.slice(0, 3),
    ...many.map((uid) => ({ uid, attrs: { risk: 'low' }, parents: [production] })),
  ]
  const times: number[] = []
  for (let round = 0; round <= effort.rounds; round++) {
    const start = performance.now()
    const decisions = await engine.decideMany(set, { ...asked, entities, resources: many })
    times.push(performance.now() - start)
    if (decisions.filter(({ permitted }) => permitted).length !== resources) throw new Error('a wrong batch')
  }
  return times.slice(1)
}

function section(
  contestants: readonly Contestant[],
  rates: ReadonlyMap<Contestant, readonly number[]>,
  batch: readonly number[],
  effort: Effort,
): Section {
  const [ours, ...others] = contestants
  const of = (each: Contestant | undefined): readonly number[] => (each && rates.get(each)) ?? []
  const ratio = (other: Contestant): number =>
    median(of(ours).map((perSecond, round) => perSecond / (of(other)[round] ?? Number.NaN)))
  const found = others.map(ratio)
  const least = [leastOfBare, leastOfNaive]
  const slowest = median(batch)
  return {
    title: policyDecisions.title,
    columns: ['decides', 'decisions/s', 'ms', 'castellan : it'],
    rows: contestants.map((each, index) => {
      const perSecond = median(of(each))
      return [
        each.name,
        perSecond.toFixed(0),
        (1000 / perSecond).toFixed(2),
        index === 0 ? '' : (found[index - 1]?.toFixed(2) ?? ''),
      ]
    }),
    targets: [
      ...others.map((each, index) => ({
        text: `at least ${least[index]} × ${each.name}`,
        found: found[index]?.toFixed(2) ?? '',
        met: (found[index] ?? 0) >= (least[index] ?? 0),
      })),
      {
        text: `${batchSize.toLocaleString('en')} resources for one person within ${mostBatchMs} ms`,
        found: `${slowest.toFixed(0)} ms`,
        met: slowest <= mostBatchMs,
      },
    ],
    notes: [
      `Medians of ${effort.rounds * 2} interleaved rounds of ${effort.seconds / 4} s in one process; a ratio is taken within each round.`,
      'castellan checks the request, finds the rules by their scopes, asks Cedar, and makes decision, reason and notices.',
      'Cedar alone is given the same request over rules that were prepared before, and says allow or deny.',
      'A rule has a scope of a group, an action and a resource, and two comparisons; the request has five entities.',
    ],
  }
}

import { parse as parseScim2Filter } from 'scim2-filter'
import { parse as parseScim2ParseFilter } from 'scim2-parse-filter'
import SCIMMY from 'scimmy'
import { parseScim } from '../../libs/filter/src/scim.ts'
import type { Bench, Benchmark, Effort, Section } from './tools/benchmark.ts'
import { median } from './tools/rounds.ts'

/** From one attribute to a hundred terms: the examples of RFC 7644 section 3.4.2.2, and what else is sent. */
const examples: readonly [name: string, text: string][] = [
  ['one comparison', 'userName eq "bjensen"'],
  ['an operator in capitals', 'userName Eq "john"'],
  ['a sub-attribute', `name.familyName co "O'Malley"`],
  ['presence', 'title pr'],
  ['a schema', 'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"'],
  ['a time', 'meta.lastModified gt "2011-05-13T04:42:34Z"'],
  ['a boolean and a number', 'active eq true and level ge 3'],
  ['two terms', 'title pr and userType eq "Employee"'],
  ['a group', 'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")'],
  ['a negation', 'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")'],
  ['a value path', 'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]'],
  ['two value paths', 'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]'],
  ['precedence', 'a eq "1" or b eq "2" and c eq "3" or d eq "4" and not (e eq "5")'],
  ['escapes', String.raw`displayName eq "a \"quoted\" name"`],
  ['a long text', `displayName eq "${'x'.repeat(4000)}"`],
  ['100 terms', Array.from({ length: 100 }, (_, index) => `externalId eq "id-${index}"`).join(' or ')],
] // prettier-ignore

interface Contestant {
  readonly name: string
  parse(text: string): unknown
}

const ours: Contestant = { name: 'castellan', parse: (text) => parseScim(text, 'filter') }
const others: readonly Contestant[] = [
  { name: 'scim2-filter', parse: parseScim2Filter },
  { name: 'scim2-parse-filter', parse: parseScim2ParseFilter },
  { name: 'scimmy', parse: (text) => new SCIMMY.Types.Filter(text) },
]
const contestants = [ours, ...others]

/** From text to tree, with limits and offsets, against parsers that have neither. */
export const filterParsing: Benchmark = {
  name: 'filter-parsing',
  title: 'Parse a SCIM filter: thousand parses a second, one thread',
  run: measure,
}

async function measure({ effort, say }: Bench): Promise<Section> {
  const [taken, left] = partition(([, text]) => others.every(({ parse }) => accepts(parse, text)))
  const rows: string[][] = []
  const slower: string[] = []
  let least = Number.POSITIVE_INFINITY
  for (const [name, text] of taken) {
    say(`${name} …`)
    const rates = interleaved(text, effort)
    const fastest = Math.max(...others.map((each) => median(rates.get(each) ?? [])))
    const own = median(rates.get(ours) ?? [])
    least = Math.min(least, own / fastest)
    if (own < fastest) slower.push(name)
    rows.push([
      name,
      ...contestants.map((each) => thousands(median(rates.get(each) ?? []))),
      (own / fastest).toFixed(1),
    ])
  }
  return {
    title: filterParsing.title,
    columns: ['filter', ...contestants.map(({ name }) => name), 'castellan : fastest'],
    rows,
    targets: [
      {
        text: 'faster than the fastest on every filter that all of them take',
        found: slower.length === 0 ? `at least ${least.toFixed(1)} times` : `not on ${slower.join(', ')}`,
        met: slower.length === 0,
      },
    ],
    notes: [
      `Medians of ${effort.rounds} interleaved rounds after a warm-up.`,
      'castellan also keeps the offset of everything and counts length, depth and terms; the others do neither.',
      `What one of them does not take is left out: ${left.map(([name]) => name).join(', ') || 'nothing'}. That they take a filter does not say that they read it right.`,
    ],
  }
}

function partition(fits: (example: (typeof examples)[number]) => boolean): [typeof examples, typeof examples] {
  return [examples.filter(fits), examples.filter((example) => !fits(example))]
}

function accepts(parse: Contestant['parse'], text: string): boolean {
  try {
    return typeof parse(text) === 'object'
  } catch {
    return false
  }
}

/** Parses a second, of each contestant in each round. */
function interleaved(text: string, { rounds, seconds }: Effort): Map<Contestant, number[]> {
  const slice = (seconds * 1000) / (contestants.length * 5)
  const rates = new Map<Contestant, number[]>(contestants.map((contestant) => [contestant, []]))
  for (const contestant of contestants) rate(contestant, text, slice)
  for (let round = 0; round < rounds; round++)
    for (const [contestant, found] of rates) found.push(rate(contestant, text, slice))
  return rates
}

function rate({ parse }: Contestant, text: string, milliseconds: number): number {
  const start = performance.now()
  let parsed = 0
  let elapsed = 0
  do {
    for (let run = 0; run < 20; run++) parse(text)
    parsed += 20
    elapsed = performance.now() - start
  } while (elapsed < milliseconds)
  return (parsed / elapsed) * 1000
}

function thousands(perSecond: number): string {
  return (perSecond / 1000).toLocaleString('en', { maximumFractionDigits: perSecond < 100_000 ? 1 : 0 })
}

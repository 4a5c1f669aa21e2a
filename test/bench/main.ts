import { cpus } from 'node:os'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { filterParsing } from './filter-parsing.ts'
import { listAccessProfiles } from './list-access-profiles.ts'
import { listGrants } from './list-grants.ts'
import { policyDecisions } from './policy-decisions.ts'
import { registryAvailable } from './registry-available.ts'
import type { Benchmark, Effort, Section } from './tools/benchmark.ts'
import { startBenchDatabase } from './tools/database.ts'
import { Processes, rootFolder } from './tools/processes.ts'
import { asMarkdown, asText } from './tools/report.ts'

/*
 * npm run bench                 every benchmark, printed and written to test/bench/results.md
 * npm run bench -- list-grants  this one only; results.md stays as it is
 *   --quick                     short rounds, for a first look; results.md stays as it is
 *   --check                     exit status 1 when a target is missed
 */
const benchmarks: readonly Benchmark[] = [
  listGrants,
  listAccessProfiles,
  policyDecisions,
  registryAvailable,
  filterParsing,
]

const full: Effort = { rounds: 15, seconds: 2, warmUpRounds: 10 }
const quick: Effort = { rounds: 5, seconds: 1, warmUpRounds: 1 }

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
if (chosen.length === 0)
  fail(`no such benchmark: ${positionals.join(', ')}; there are ${benchmarks.map(({ name }) => name).join(', ')}`)

const say = (line: string): void => void process.stderr.write(`${line}\n`)
const processes = new Processes()
const database = await startBenchDatabase()
const cleanUp = async (): Promise<void> => {
  await processes.stop()
  await database.stop()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)))

try {
  const sections: Section[] = []
  for (const benchmark of chosen) {
    say(`${benchmark.title} …`)
    sections.push(await benchmark.run({ database, processes, effort: values.quick ? quick : full, say }))
  }
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    cores: cpus().length,
    node: process.versions.node,
    postgres: await database.version(),
  }
  process.stdout.write(asText(machine, sections))
  if (!values.quick && chosen.length === benchmarks.length) {
    await writeFile(join(rootFolder, 'test/bench/results.md'), asMarkdown(machine, sections))
  }
  const missed = sections.some(({ targets }) => targets.some(({ met }) => !met))
  process.exitCode = values.check && missed ? 1 : 0
} finally {
  await cleanUp()
}

function fail(line: string): never {
  process.stderr.write(`bench: ${line}\n`)
  process.exit(2)
}

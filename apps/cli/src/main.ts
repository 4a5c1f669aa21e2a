import { commands } from './commands.ts'

/** The operator's command line: finds the command with the longest name that the arguments begin with. */
const words = process.argv.slice(2)
const command = commands
  .filter(({ name }) => name.split(' ').every((word, index) => words[index] === word))
  .toSorted((a, b) => b.name.length - a.name.length)[0]

try {
  if (!command || words.includes('--help')) {
    process.stdout.write(usage())
    process.exitCode = command || words.length === 0 || words[0] === '--help' ? 0 : 2
  } else {
    process.exitCode = (await command.run(words.slice(command.name.split(' ').length))) ?? 0
  }
} catch (error) {
  process.stderr.write(`castellan: ${describe(error)}\n`)
  process.exitCode = 1
}

function usage(): string {
  const rows = commands.map(
    ({ name, parameters, meaning }) => `  ${`${name} ${parameters}`.trim().padEnd(58)} ${meaning}`,
  )
  return `castellan, the operator's command line\n\n${rows.join('\n')}\n\nEvery command reads the settings of the server; \`config\` lists them.\n`
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const ours = (error instanceof TypeError || error instanceof ReferenceError) && !('code' in error)
  return ours ? (error.stack ?? error.message) : error.message
}

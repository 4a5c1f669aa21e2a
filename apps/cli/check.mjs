// Everything `npm test` checks, in order: node apps/cli/check.mjs [jest arguments…]
// With arguments only jest runs, with them. The last line is `N passed, N failed`: jest's tests, and each failed other step as one.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const STEPS = [
  { name: 'build', args: ['apps/cli/prepare.mjs', 'build'] },
  { name: 'oxlint', args: ['node_modules/oxlint/bin/oxlint'] },
  { name: 'prettier', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'] },
  {
    name: 'depcruise',
    args: [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      'apps',
      'libs',
    ],
  },
]

const jestArguments = process.argv.slice(2)
const counts = { passed: 0, failed: 0 }

if (jestArguments.length === 0) for (const step of STEPS) if (!ran(step.name, step.args)) counts.failed += 1
jest()
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`)
process.exitCode = counts.failed > 0 ? 1 : 0

function jest() {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-check-'))
  const results = join(folder, 'jest.json')
  const env = {
    NODE_OPTIONS:
      `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
  }
  const well = ran(
    'jest',
    ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${results}`, ...jestArguments],
    env,
  )
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'))
    counts.passed += numPassedTests
    counts.failed += numFailedTests + numRuntimeErrorTestSuites
  } catch {
    // jest ended before it had results, which the status tells.
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  if (!well && counts.failed === 0) counts.failed = 1
}

function ran(name, args, env = {}) {
  const started = Date.now()
  // jest --json prints the results on stdout; its report for people goes to stderr.
  const stdout = name === 'jest' ? 'ignore' : 'inherit'
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    stdio: ['inherit', stdout, 'inherit'],
    env: { ...process.env, ...env },
  })
  process.stdout.write(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  )
  return status === 0
}

import { entity, question } from '../../../../test/support/policies.ts'
import { eventually } from '../../../../test/support/world.ts'
import type { EvaluateInput } from './operations.ts'
import { Sandbox, type SandboxSettings } from './sandbox.ts'

const sandboxes: Sandbox[] = []

afterAll(() => Promise.all(sandboxes.map((each) => each.stop())))

function sandbox(settings: Partial<SandboxSettings> = {}): Sandbox {
  const made = new Sandbox(settings)
  sandboxes.push(made)
  return made
}

/** The sandbox knows no limits: what it is given here would be refused before. */
const parts = (text: string): { parts: { text: string; start: number }[] } => ({ parts: [{ text, start: 0 }] })
const harmless = parts('permit(principal, action, resource);')
const nested = parts(`permit(principal, action, resource) when { ${'('.repeat(140)}true${')'.repeat(140)} };`)
const dots = parts(`permit(principal, action, resource) when { context${'.a'.repeat(20_000)} };`)
const evaluation = (over: Partial<EvaluateInput>): EvaluateInput => ({
  set: { rules: {} },
  text: null,
  entities: [],
  schema: null,
  requests: [{ ...question(), validate_request: false }],
  ...over,
})
const sums = evaluation({ text: `permit(principal, action, resource) when { 1${'+1'.repeat(500)} == 501 };` })
const attributes = evaluation({ text: `permit(principal, action, resource) when { context${'.a'.repeat(400)} };` })
const ancestors = (count: number): EvaluateInput =>
  evaluation({ entities: Array.from({ length: count }, (_, n) => entity(`A::${n}`, {}, [`A::${n + 1}`])) })

test('a text that traps Cedar kills its thread only: the question under way beside it and the next one are answered', async () => {
  const threads = sandbox()
  await Promise.all([threads.ask('evil', 'parse', harmless), threads.ask('good', 'parse', harmless)])
  for (const text of [nested, dots]) {
    const beside = threads.ask('good', 'parse', harmless)
    await expect(threads.ask('evil', 'parse', text)).rejects.toMatchObject({ code: 'invalid_body' })
    await expect(beside).resolves.toHaveLength(1)
    await expect(threads.ask('evil', 'parse', harmless)).resolves.toHaveLength(1)
  }
})

test.each([
  ['500 sums in a row', sums],
  ['400 attributes of attributes', attributes],
  ['5,000 entities above one another', ancestors(5000)],
])('an evaluation that traps Cedar kills its thread only: %s', async (_, input) => {
  const threads = sandbox()
  await expect(threads.ask('evil', 'evaluate', input)).rejects.toMatchObject({ code: 'invalid_body' })
  await expect(threads.ask('evil', 'parse', harmless)).resolves.toHaveLength(1)
})

test('what takes too long is stopped, and holds up no other tenant', async () => {
  const threads = sandbox({ timeLimitMs: 700 })
  await Promise.all([threads.ask('evil', 'parse', harmless), threads.ask('good', 'parse', harmless)])
  const slow = threads.ask('evil', 'evaluate', ancestors(2000))
  const behind = threads.ask('evil', 'evaluate', ancestors(2000))
  let over = false
  behind.catch(() => undefined)
  const outcome = slow.catch((error: unknown) => error).finally(() => (over = true))
  await expect(threads.ask('good', 'parse', harmless)).resolves.toHaveLength(1)
  expect(over).toBe(false)
  await expect(outcome).resolves.toMatchObject({ code: 'invalid_body', details: { limit: 700 } })
  await expect(behind).rejects.toMatchObject({ code: 'invalid_body' })
  await expect(threads.ask('evil', 'parse', harmless)).resolves.toHaveLength(1)
})

test('a thread whose Cedar has grown too large is replaced, and one without work ends', async () => {
  const small = sandbox({ mostBytes: 1 })
  await small.ask('a', 'parse', harmless)
  expect(small.threads).toBe(0)
  await expect(small.ask('a', 'parse', harmless)).resolves.toHaveLength(1)

  const idle = sandbox({ idleMs: 20 })
  await idle.ask('a', 'parse', harmless)
  expect(idle.threads).toBe(1)
  await eventually(async () => expect(idle.threads).toBe(0))
})

test('no more threads run than are allowed, and each tenant has one question under way', async () => {
  const threads = sandbox({ threads: 2 })
  const questions = Array.from({ length: 30 }, (_, index) => threads.ask(`tenant ${index % 5}`, 'parse', harmless))
  expect(threads.threads).toBeLessThanOrEqual(2)
  await expect(Promise.all(questions)).resolves.toHaveLength(30)
  expect(threads.threads).toBeLessThanOrEqual(2)
})

import { Worker } from 'node:worker_threads'
import { DomainError } from '#kernel'
import type { Input, Operation, Output } from './operations.ts'
import { Refusal } from './refusal.ts'
import type { Answer, Question } from './worker.ts'

export interface SandboxSettings {
  /** Threads at most; the first starts with the first question, another when all are busy. */
  readonly threads: number
  /** For one question, from when a thread has it. */
  readonly timeLimitMs: number
  /** Questions of one tenant that wait, and of all tenants. */
  readonly queuePerTenant: number
  readonly queue: number
  /** A thread that had nothing to do for so long ends. */
  readonly idleMs: number
  /** A thread whose Cedar holds more memory is replaced: it would never give any back. */
  readonly mostBytes: number
}

export const sandboxDefaults: SandboxSettings = {
  threads: 2,
  timeLimitMs: 10_000,
  queuePerTenant: 16,
  queue: 256,
  idleMs: 30_000,
  mostBytes: 128 * 1024 * 1024,
}

interface Job {
  readonly tenantId: string
  readonly question: Question
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

interface Thread {
  readonly worker: Worker
  job: Job | null
  timer: NodeJS.Timeout | null
  ready: boolean
}

// Node runs the worker's TypeScript as it is, where jest runs this file as TypeScript too.
const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/**
 * Threads in which tenants' texts are read, and which may die of them. A tenant has one question under way at a time
 * and its own queue; threads go from tenant to tenant, so that nobody waits behind one tenant's questions.
 */
export class Sandbox {
  readonly #settings: SandboxSettings
  readonly #threads = new Set<Thread>()
  readonly #queues = new Map<string, Job[]>()
  #waiting = 0
  #stopped = false

  constructor(settings: Partial<SandboxSettings> = {}) {
    this.#settings = { ...sandboxDefaults, ...settings }
  }

  /** How many threads there are. */
  get threads(): number {
    return this.#threads.size
  }

  /**
   * @throws Refusal when Cedar finds something wrong; DomainError `invalid_body` when the question killed its thread or
   * took too long, `rate_limited` when the tenant has too many waiting, `unavailable` when all have, or at the end
   */
  ask<O extends Operation>(tenantId: string, operation: O, input: Input<O>): Promise<Output<O>> {
    return new Promise<Output<O>>((resolve, reject) => {
      const refused = this.#refusal(tenantId)
      if (refused !== null) return reject(refused)
      const question: Question = { operation, input }
      const queue = this.#queues.get(tenantId) ?? []
      this.#queues.set(tenantId, queue)
      queue.push({ tenantId, question, resolve: (value) => resolve(value as Output<O>), reject })
      this.#waiting++
      this.#dispatch()
    })
  }

  /** Ends the threads; what waits or is under way is refused. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#refuseAll(stopping())
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, stopping())))
  }

  #refuseAll(reason: DomainError): void {
    for (const queue of this.#queues.values()) for (const { reject } of queue) reject(reason)
    this.#queues.clear()
    this.#waiting = 0
  }

  #refusal(tenantId: string): DomainError | null {
    if (this.#stopped) return stopping()
    if ((this.#queues.get(tenantId)?.length ?? 0) >= this.#settings.queuePerTenant)
      return new DomainError(
        'rate_limited',
        `${this.#settings.queuePerTenant} policy texts of this tenant wait to be read already; send the next when they are`,
        undefined,
        retryAfter,
      )
    if (this.#waiting >= this.#settings.queue)
      return new DomainError('unavailable', 'Too many policy texts wait to be read', undefined, retryAfter)
    return null
  }

  /** Questions wait for a thread that is ready; one more is started while more wait than are starting. */
  #dispatch(): void {
    for (const thread of this.#threads) {
      const job = thread.ready && thread.job === null ? this.#next() : null
      if (job === null) continue
      this.#take(job)
      this.#give(thread, job)
    }
    let starting = [...this.#threads].filter(({ ready }) => !ready).length
    for (const [tenantId, queue] of this.#queues) {
      if (queue.length === 0 || this.#isBusy(tenantId)) continue
      if (starting-- > 0) continue
      if (this.#threads.size >= this.#settings.threads) return
      this.#start()
    }
  }

  /** The oldest question of the tenant that was served longest ago and has none under way. */
  #next(): Job | null {
    for (const [tenantId, [job]] of this.#queues) if (job && !this.#isBusy(tenantId)) return job
    return null
  }

  #isBusy(tenantId: string): boolean {
    for (const { job } of this.#threads) if (job?.tenantId === tenantId) return true
    return false
  }

  #take({ tenantId }: Job): void {
    const queue = this.#queues.get(tenantId) ?? []
    queue.shift()
    this.#waiting--
    this.#queues.delete(tenantId)
    if (queue.length > 0) this.#queues.set(tenantId, queue)
  }

  #start(): void {
    const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 } })
    const thread: Thread = { worker, job: null, timer: null, ready: false }
    worker.on('message', (answer: Answer) => this.#answered(thread, answer))
    const died = (cause: unknown): void => {
      if (!thread.ready && this.#threads.has(thread)) this.#refuseAll(notStarted(cause))
      void this.#end(thread, killed(cause))
    }
    worker.on('error', died)
    worker.on('exit', died)
    this.#threads.add(thread)
  }

  #give(thread: Thread, job: Job): void {
    const { timeLimitMs } = this.#settings
    thread.job = job
    thread.worker.ref()
    if (thread.timer !== null) clearTimeout(thread.timer)
    thread.timer = setTimeout(() => void this.#end(thread, tooLong(timeLimitMs)), timeLimitMs)
    thread.worker.postMessage(job.question, [])
  }

  #answered(thread: Thread, answer: Answer): void {
    if (answer.kind === 'ready') {
      thread.ready = true
      this.#rest(thread)
      return this.#dispatch()
    }
    if (answer.kind === 'trap') return void this.#end(thread, killed(new Error(answer.message)))
    const { job } = thread
    this.#rest(thread)
    if (answer.kind === 'value') job?.resolve(answer.value)
    else job?.reject(new Refusal(answer.findings, answer.part))
    if (answer.bytes > this.#settings.mostBytes) void this.#end(thread, stopping())
    this.#dispatch()
  }

  /** An idle thread does not keep the process alive. */
  #rest(thread: Thread): void {
    if (thread.timer !== null) clearTimeout(thread.timer)
    thread.job = null
    thread.worker.unref()
    thread.timer = setTimeout(() => void this.#end(thread, stopping()), this.#settings.idleMs)
    thread.timer.unref()
  }

  async #end(thread: Thread, reason: DomainError): Promise<void> {
    if (!this.#threads.delete(thread)) return
    if (thread.timer !== null) clearTimeout(thread.timer)
    thread.job?.reject(reason)
    thread.job = null
    this.#dispatch()
    await thread.worker.terminate()
  }
}

const retryAfter = { headers: { 'retry-after': '1' } }

function stopping(): DomainError {
  return new DomainError('unavailable', 'The server is stopping', undefined, retryAfter)
}

function tooLong(ms: number): DomainError {
  return new DomainError(
    'invalid_body',
    `Cedar needs more than ${ms / 1000} s for this; make the set or the schema smaller`,
    {
      limit: ms,
    },
  )
}

function notStarted(cause: unknown): DomainError {
  return new DomainError('unavailable', 'Policy texts cannot be read just now', undefined, { cause, ...retryAfter })
}

function killed(cause: unknown): DomainError {
  return new DomainError(
    'invalid_body',
    'Cedar cannot handle this: something in it is nested too deeply, or is too long',
    undefined,
    { cause },
  )
}

import { parentPort } from 'node:worker_threads'
import { Cedar, CedarTrap } from './instance.ts'
import { operations, type Input, type Operation } from './operations.ts'
import { Refusal, type Part } from './refusal.ts'
import type { Finding } from './types.ts'

/** A question to the worker, which has one at a time. */
export interface Question<O extends Operation = Operation> {
  readonly operation: O
  readonly input: Input<O>
}

/** `bytes`: what the worker's Cedar holds of memory by now. */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'value'; readonly value: unknown; readonly bytes: number }
  | {
      readonly kind: 'refusal'
      readonly findings: readonly Finding[]
      readonly part: Part | null
      readonly bytes: number
    }
  | { readonly kind: 'trap'; readonly message: string }

const cedar = new Cedar()

parentPort?.on('message', ({ operation, input }: Question) => parentPort?.postMessage(answer(operation, input), []))
cedar.call((api) => api.getCedarLangVersion())
parentPort?.postMessage({ kind: 'ready' } satisfies Answer, [])

function answer(operation: Operation, input: Input<Operation>): Answer {
  try {
    const run = operations[operation] as (cedar: Cedar, input: Input<Operation>) => unknown
    return { kind: 'value', value: run(cedar, input), bytes: cedar.bytes }
  } catch (error) {
    if (error instanceof Refusal) {
      const { findings, part } = error
      return { kind: 'refusal', findings, part, bytes: cedar.bytes }
    }
    return { kind: 'trap', message: error instanceof CedarTrap ? error.message : String(error) }
  }
}

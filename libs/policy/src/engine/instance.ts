import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compileFunction } from 'node:vm'
import { Refusal } from './refusal.ts'

/** Node has it; the types of Node leave it to those of the browser. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => CompiledModule
  Instance: new (module: CompiledModule, imports: object) => { readonly exports: { readonly memory: Memory } }
}
type CompiledModule = object
interface Memory {
  readonly buffer: ArrayBufferLike
}

export type CedarApi = typeof import('@cedar-policy/cedar-wasm/nodejs')

/** Cedar threw instead of answering. The instance it happened in is gone; the next call has a new one. */
export class CedarTrap extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), { cause })
    this.name = 'CedarTrap'
  }
}

/**
 * Cedar's WebAssembly in this thread. Whatever a call throws, a trap or the binding's refusal to read its argument,
 * unwinds over Cedar's frames without giving their stack back; a trapped instance fails for ever, and 1,500 refusals
 * trap the next call. So the instance goes with every throw, and what was prepared in it goes too: `generation` tells.
 */
export class Cedar {
  #instance: { api: CedarApi; memory: Memory } | null = null
  #generation = 0

  /** Counts the instances that were lost: what was prepared in another generation is gone. */
  get generation(): number {
    return this.#generation
  }

  /** What the instance holds of memory; it never gives any back. */
  get bytes(): number {
    return this.#instance?.memory.buffer.byteLength ?? 0
  }

  /** @throws CedarTrap, or the Refusal that `work` made of Cedar's answer */
  call<T>(work: (api: CedarApi) => T): T {
    try {
      this.#instance ??= instantiate()
      return work(this.#instance.api)
    } catch (error) {
      if (error instanceof Refusal) throw error
      this.#instance = null
      this.#generation++
      throw new CedarTrap(error)
    }
  }
}

interface Binding {
  readonly path: string
  readonly source: string
  readonly module: CompiledModule
}

let binding: Binding | null = null

/** Reads and compiles once in each thread; that takes about a tenth of a second. */
function load(): Binding {
  const path = createRequire(import.meta.url).resolve('@cedar-policy/cedar-wasm/nodejs')
  const module = new WebAssembly.Module(readFileSync(join(dirname(path), 'cedar_wasm_bg.wasm')))
  return { path, source: readFileSync(path, 'utf8'), module }
}

/**
 * The package's CommonJS file makes one instance when it is loaded, and keeps it. It is run anew for each, over the
 * module that is compiled already, and its instance is seen for the size of its memory.
 */
function instantiate(): { api: CedarApi; memory: Memory } {
  binding ??= load()
  const { path, source, module } = binding
  const api = {} as CedarApi
  let memory: Memory | undefined
  const webAssembly = {
    Module: function Module(): CompiledModule {
      return module
    },
    Instance: function Instance(_: unknown, imports: object): object {
      const instance = new WebAssembly.Instance(module, imports)
      memory = instance.exports.memory
      return instance
    },
  }
  const run = compileFunction(source, ['exports', 'require', '__dirname', 'WebAssembly'], { filename: path })
  run(api, () => ({ readFileSync: () => null }), dirname(path), webAssembly)
  if (memory === undefined) throw new Error(`${path} made no WebAssembly instance`)
  return { api, memory }
}

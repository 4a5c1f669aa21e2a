import { setImmediate as othersTurn } from 'node:timers/promises'
import { DomainError, type Actor, type ErrorCode } from '#kernel'
import { checkedBody } from '#platform'
import { failed, type ImportHandler, type ImportType, type LineFailure, type LineOutcome } from './import-types.ts'
import type { ImportTally } from './import-tally.ts'
import { SeenKeys } from './seen-keys.ts'
import type { Place, Spool, SpooledLine } from './spool.ts'
import { WaitingLines } from './waiting-lines.ts'

const batchLines = 500
const linesAtATime = 50
const batchBytes = 4 * 1024 * 1024
const triesOfBatch = 3
const mostDivisions = 50
const races: ReadonlySet<ErrorCode> = new Set(['already_exists', 'in_use'])
const conflict = 'Another import or request stored the same objects at the same time; import the line again'
const companion =
  'it is this line or one that was stored together with it, and too many such lines came before to tell them apart'

/** Runs one batch: in its own transaction, or as a part of the open one. */
export type Attempt = <T>(work: () => Promise<T>) => Promise<T>

export interface ImportRunOptions {
  readonly attempt: Attempt
  /**
   * Nothing is stored unless everything is. What the run has stored so far stays locked between attempts, so whoever it
   * met could wait for that for ever: the first write conflict ends it.
   */
  readonly atomic: boolean
  /** Ends the run between two batches. */
  readonly signal?: AbortSignal | undefined
}

interface Pending {
  readonly number: number
  readonly place: Place
  readonly key: string
  readonly line: object
}

/**
 * Stores the lines of one type, in batches. A line that waits for another of its type is read again when that one is
 * stored, so each line is stored once, whatever the order of the file.
 */
export class ImportRun {
  readonly #actor: Actor
  readonly #handler: ImportHandler
  readonly #spool: Spool
  readonly #tally: ImportTally
  readonly #options: ImportRunOptions
  readonly #seen = new SeenKeys()
  readonly #waiting = new WaitingLines()
  #released: Place[] = []
  #divisions = 0

  constructor(actor: Actor, handler: ImportHandler, spool: Spool, tally: ImportTally, options: ImportRunOptions) {
    this.#actor = actor
    this.#handler = handler
    this.#spool = spool
    this.#tally = tally
    this.#options = options
  }

  /** @throws DomainError `write_conflict` when the run is atomic and something else stored the same objects meanwhile */
  async storeAll(): Promise<void> {
    await this.#storeEach(this.#fresh())
    await this.#storeReleased()
    for (let progress = true; progress;) {
      const rest = this.#waiting.releaseRest()
      this.#released = rest.map(({ place }) => place)
      progress = (await this.#storeReleased()) > 0
    }
    for (const { number, key, failure } of this.#waiting.left()) this.#fail(number, key, failure)
  }

  /** Lines in the order of the file; those that are not well formed are reported here. */
  async *#fresh(): AsyncGenerator<Pending> {
    for await (const spooled of this.#spool.lines()) {
      const pending = this.#checked(spooled)
      if (pending === null) continue
      if (this.#seen.add(pending.key)) yield pending
      else
        this.#fail(pending.number, pending.key, {
          code: 'already_exists',
          message: 'An earlier line has the same type and external_id; that one counts',
        })
    }
  }

  #checked({ number, text, place }: SpooledLine): Pending | null {
    const { type: _, ...fields } = JSON.parse(text) as Record<string, unknown>
    try {
      const line = checkedBody(this.#handler.line, fields)
      return { number, place, key: this.#handler.key(line), line }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.#fail(number, typeof fields['external_id'] === 'string' ? fields['external_id'] : null, error)
      return null
    }
  }

  /** How many of the released lines could be stored, and those that these released in turn. */
  async #storeReleased(): Promise<number> {
    let stored = 0
    while (this.#released.length > 0) {
      const places = this.#released
      this.#released = []
      stored += await this.#storeEach(this.#again(places))
    }
    return stored
  }

  async *#again(places: readonly Place[]): AsyncGenerator<Pending> {
    for (const place of places) {
      const pending = this.#checked(await this.#spool.at(place))
      if (pending !== null) yield pending
    }
  }

  async #storeEach(lines: AsyncGenerator<Pending>): Promise<number> {
    let stored = 0
    let batch: Pending[] = []
    let bytes = 0
    for await (const pending of lines) {
      batch.push(pending)
      bytes += pending.place.length
      if (batch.length % linesAtATime === 0) await othersTurn()
      if (batch.length < batchLines && bytes < batchBytes) continue
      stored += await this.#storeBatch(batch)
      batch = []
      bytes = 0
    }
    return stored + (await this.#storeBatch(batch))
  }

  async #storeBatch(batch: readonly Pending[]): Promise<number> {
    if (batch.length === 0) return 0
    this.#options.signal?.throwIfAborted()
    const outcomes = await this.#outcomes(batch)
    const stored: string[] = []
    for (const [index, { number, key, place }] of batch.entries()) {
      const outcome = outcomes[index]
      if (!outcome) throw new Error(`The import of lines of type ${this.#handler.type} did not answer for each line`)
      if (outcome.is === 'failed') this.#fail(number, key, outcome.failure)
      else if (outcome.is === 'waiting')
        this.#waiting.add(outcome.for, {
          number,
          place,
          key,
          failure: outcome.failure,
          atLast: outcome.atLast ?? outcome.for === null,
        })
      else {
        stored.push(key)
        this.#tally.count(this.#handler.type, outcome.is)
      }
    }
    // Only now: a line of this batch may wait for another one of it.
    for (const { place } of this.#waiting.release(stored)) this.#released.push(place)
    return stored.length
  }

  /** A batch that is refused as a whole, though it met no other import, is tried in halves, down to the line at fault. */
  async #outcomes(batch: readonly Pending[], tries = triesOfBatch): Promise<readonly LineOutcome[]> {
    const answer = await this.#tried(batch)
    if (!('code' in answer)) return answer
    if (tries > 1 && (answer.code === 'write_conflict' || (tries === triesOfBatch && races.has(answer.code))))
      return this.#outcomes(batch, tries - 1)
    if (answer.code === 'write_conflict') return batch.map(() => failed('write_conflict', conflict))
    return this.#divided(batch, answer)
  }

  async #divided(batch: readonly Pending[], refusal: LineFailure): Promise<readonly LineOutcome[]> {
    if (batch.length === 1) return [failed(refusal.code, refusal.message)]
    if (this.#divisions >= mostDivisions)
      return batch.map(() => failed(refusal.code, `${refusal.message}; ${companion}`))
    this.#divisions += 1
    const half = Math.ceil(batch.length / 2)
    const outcomes: LineOutcome[] = []
    for (const part of [batch.slice(0, half), batch.slice(half)]) {
      const answer = await this.#tried(part)
      outcomes.push(...('code' in answer ? await this.#divided(part, answer) : answer))
    }
    return outcomes
  }

  async #tried(batch: readonly Pending[]): Promise<readonly LineOutcome[] | LineFailure> {
    try {
      const lines = batch.map(({ line }) => line)
      return await this.#options.attempt(() => this.#handler.store(this.#actor, lines))
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error
      if (this.#options.atomic && error.code === 'write_conflict') throw error
      return { code: error.code, message: error.message }
    }
  }

  #fail(number: number, key: string | null, failure: LineFailure): void {
    const type: ImportType = this.#handler.type
    this.#tally.fail(number, type, key, failure)
  }
}

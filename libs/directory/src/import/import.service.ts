import { Injectable } from '@nestjs/common'
import { DomainError, type Actor } from '#kernel'
import { forTenant, parseJsonBody } from '#platform'
import { isAdministrator } from '../delegation.ts'
import type { ImportReport } from './import.dto.ts'
import { ImportRepository } from './import.repository.ts'
import { ImportRun, type ImportRunOptions } from './import-run.ts'
import { ImportTally } from './import-tally.ts'
import { importTypes, ImportTypes, isImportType, type ImportType, type LineFailure } from './import-types.ts'
import { linesOf, textOf, type Line } from './lines.ts'
import { Spool } from './spool.ts'

const longestLine = 1024 * 1024
const conflict = 'Another import or request stored the same objects at the same time; import again'
const required_authorities = ['ORG_ADMIN']
const needsAdministrator =
  'An import writes the whole directory: of a person it takes the authority ORG_ADMIN; a credential that is no person’s needs none'

type Spools = Map<ImportType, Spool>
type RunOptions = Omit<ImportRunOptions, 'attempt'>
type ImportOptions = Partial<RunOptions>

/**
 * Imports lines of JSON. First they are all received and kept aside by type, then they are stored type by type, so that
 * a reference may point anywhere in the file. Memory does not grow with the file.
 */
@Injectable()
export class ImportService {
  readonly #types: ImportTypes
  readonly #repository: ImportRepository

  constructor(types: ImportTypes, repository: ImportRepository) {
    this.#types = types
    this.#repository = repository
  }

  /**
   * Each batch of lines is stored on its own: what breaks off in the middle is completed by importing the file again.
   * With `atomic` it is one transaction. `signal` ends it between two batches. @throws DomainError when an atomic import
   * has a line that fails: `invalid_body` with the report, or `write_conflict` when something else stored the same objects
   * meanwhile. @throws DomainError `forbidden` for a person who is no ORG_ADMIN: lines give authorities, and write what no
   * sub-administrator administers
   */
  async run(
    actor: Actor,
    chunks: AsyncIterable<Buffer | string>,
    { atomic = false, signal }: ImportOptions = {},
  ): Promise<ImportReport> {
    if (!isAdministrator(actor)) throw new DomainError('forbidden', needsAdministrator, { required_authorities })
    return forTenant(actor.tenantId, async () => {
      const spools: Spools = new Map()
      try {
        const tally = new ImportTally()
        await receive(chunks, spools, tally)
        if (!atomic) await this.#store(actor, spools, tally, { atomic, signal })
        else await this.#whole(() => this.#storeWhole(actor, spools, tally, signal))
        return tally.report(true)
      } finally {
        for (const spool of spools.values()) await spool.close()
      }
    })
  }

  /** A refusal of the transaction itself, not of a line, comes from what others did meanwhile. */
  async #whole(work: () => Promise<void>): Promise<void> {
    try {
      await this.#repository.whole(work)
    } catch (error) {
      if (error instanceof DomainError && error.status === 409)
        throw new DomainError('write_conflict', conflict, undefined, { cause: error })
      throw error
    }
  }

  async #storeWhole(actor: Actor, spools: Spools, tally: ImportTally, signal: AbortSignal | undefined): Promise<void> {
    await this.#store(actor, spools, tally, { atomic: true, signal })
    signal?.throwIfAborted()
    if (tally.failed === 0) return
    const message = `${tally.failed} of the lines cannot be stored, so nothing was`
    throw new DomainError('invalid_body', message, { ...tally.report(false) })
  }

  async #store(actor: Actor, spools: Spools, tally: ImportTally, options: RunOptions): Promise<void> {
    for (const type of importTypes) {
      const spool = spools.get(type)
      const handler = this.#types.handler(type)
      if (!spool) continue
      if (handler)
        await new ImportRun(actor, handler, spool, tally, {
          attempt: (work) => this.#repository.batch(work),
          ...options,
        }).storeAll()
      else tally.count(type, 'deferred', spool.count)
    }
  }
}

async function receive(chunks: AsyncIterable<Buffer | string>, spools: Spools, tally: ImportTally): Promise<void> {
  for await (const line of linesOf(chunks, longestLine)) {
    const read = readLine(line)
    if (read === null) continue
    tally.line()
    if ('failure' in read) {
      tally.fail(line.number, null, null, read.failure)
      continue
    }
    const spool = spools.get(read.type) ?? (await Spool.open())
    spools.set(read.type, spool)
    await spool.add(line.number, read.text)
  }
}

/** The type of a line, why it has none, or null for a line that holds nothing. */
function readLine({ bytes }: Line): { type: ImportType; text: string } | { failure: LineFailure } | null {
  if (bytes === null)
    return { failure: { code: 'payload_too_large', message: `A line must not be longer than ${longestLine} bytes` } }
  const text = textOf(bytes)
  if (text === null) return { failure: { code: 'invalid_body', message: 'The line is not UTF-8' } }
  if (text === '') return null
  if (!text.startsWith('{')) return { failure: { code: 'invalid_body', message: 'A line must be a JSON object' } }
  try {
    const value = parseJsonBody(text)
    const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
    if (isImportType(type)) return { type, text }
    return { failure: { code: 'invalid_body', message: `type must be one of ${importTypes.join(', ')}` } }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { failure: { code: error.code, message: error.message.replace(/^The body/, 'The line') } }
  }
}

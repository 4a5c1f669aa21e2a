import { Injectable } from '@nestjs/common'
import type { Actor, ErrorCode } from '#kernel'

/** The types of lines, in the order in which they are stored: a line refers to lines of its own type or of those before. */
export const importTypes = [
  'identity',
  'source',
  'group',
  'segment',
  'entitlement',
  'access_profile',
  'assignment',
  'grant',
] as const
export type ImportType = (typeof importTypes)[number]

export interface LineFailure {
  readonly code: ErrorCode
  /** What was wrong and what would be right, beginning with the field. */
  readonly message: string
}

/**
 * What became of a line. `waiting`: it refers to a line of its own type that is not stored yet; it is given again once
 * the one with that key is stored. `atLast`: if it still waits then, also once everything else of the type is stored. The
 * failure is what the report says if that never happens. A line that fails or waits must leave nothing behind.
 */
export type LineOutcome =
  | { readonly is: 'created' | 'updated' | 'unchanged' }
  | { readonly is: 'failed'; readonly failure: LineFailure }
  | {
      readonly is: 'waiting'
      readonly for: string | null
      readonly atLast?: boolean
      readonly failure: LineFailure
    }

/**
 * How lines of one type are checked and stored. A library registers one in its module's constructor or onModuleInit; until
 * then lines of that type are counted as `deferred`.
 */
export interface ImportHandler<Line extends object = object> {
  readonly type: ImportType
  /** The class of a line without its `type`, made of the decorators of platform/http/fields.ts; what it does not name is refused. */
  readonly line: new () => Line
  /** What tells a line from the others of its type, its external id as a rule: a key that comes twice fails the second time. */
  key(line: Line): string
  /**
   * Stores a batch and answers for each line, in order. Runs in a transaction of its own, in the tenant's context; no two
   * lines have the same key. It writes what differs from what is stored and nothing else, so that a file imported twice
   * changes nothing the second time, and records each change as a route would (`Changes.record` takes them all at once).
   * What can be known to be refused by the database (an id or a name that is taken) is answered for the line: when it
   * throws a DomainError below 500, the batch is rolled back and given again as it is, since it may have met another
   * change, and then in halves, until the line that caused it stands alone and is reported with the error's code and
   * message. That is slow, and ends after some such lines: those that then share a batch with one fail with it.
   */
  store(actor: Actor, lines: readonly Line[]): Promise<readonly LineOutcome[]>
}

/** Who knows how to store which lines. */
@Injectable()
export class ImportTypes {
  readonly #handlers = new Map<string, ImportHandler>()

  register<Line extends object>(handler: ImportHandler<Line>): void {
    if (this.#handlers.has(handler.type)) throw new Error(`Lines of type ${handler.type} have a handler already`)
    this.#handlers.set(handler.type, handler)
  }

  handler(type: ImportType): ImportHandler | undefined {
    return this.#handlers.get(type)
  }
}

export const isImportType = (type: unknown): type is ImportType => importTypes.some((each) => each === type)

export const failed = (code: ErrorCode, message: string): LineOutcome => ({ is: 'failed', failure: { code, message } })

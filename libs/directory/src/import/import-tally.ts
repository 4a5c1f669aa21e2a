import { importTypes, type ImportType, type LineFailure } from './import-types.ts'
import { ImportCounts, type ImportFailure, type ImportReport } from './import.dto.ts'

const failuresListed = 1000
const longestText = 500

/** Counts what became of the lines. */
export class ImportTally {
  readonly #counts = new Map<ImportType, ImportCounts>()
  readonly #total = new ImportCounts()
  readonly #failures: ImportFailure[] = []
  #lines = 0

  get failed(): number {
    return this.#total.failed
  }

  line(): void {
    this.#lines += 1
  }

  count(type: ImportType, outcome: keyof ImportCounts, lines = 1): void {
    this.#of(type)[outcome] += lines
    this.#total[outcome] += lines
  }

  fail(line: number, type: ImportType | null, externalId: string | null, failure: LineFailure): void {
    if (type !== null) this.#of(type).failed += 1
    this.#total.failed += 1
    if (this.#failures.length < failuresListed) {
      const { code, message } = failure
      this.#failures.push({
        line,
        type,
        external_id: externalId?.slice(0, longestText) ?? null,
        code,
        message: message.slice(0, longestText),
      })
    }
  }

  #of(type: ImportType): ImportCounts {
    const counts = this.#counts.get(type) ?? new ImportCounts()
    this.#counts.set(type, counts)
    return counts
  }

  report(stored: boolean): ImportReport {
    const counts = importTypes.flatMap((type) => {
      const of = this.#counts.get(type)
      return of ? [[type, of] as const] : []
    })
    return {
      stored,
      lines: this.#lines,
      counts: Object.fromEntries(counts),
      total: this.#total,
      failures: this.#failures.sort((a, b) => a.line - b.line),
    }
  }
}

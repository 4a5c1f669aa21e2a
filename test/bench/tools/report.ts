import type { Section } from './benchmark.ts'

export interface Machine {
  readonly date: string
  readonly cores: number
  readonly node: string
  readonly postgres: string
}

export function asText(machine: Machine, sections: readonly Section[]): string {
  return [about(machine), ...sections.map(({ title, ...rest }) => `\n${title}\n\n${body(rest)}`)].join('\n')
}

export function asMarkdown(machine: Machine, sections: readonly Section[]): string {
  const written =
    'Written by `npm run bench`. The machine runs server, database and load generator at once: the ratios count, not the absolutes.'
  return [
    `# Benchmarks\n\n${about(machine)}. ${written}\n`,
    ...sections.map(({ title, ...rest }) => `## ${title}\n\n${body(rest)}`),
  ].join('\n')
}

function about({ date, cores, node, postgres }: Machine): string {
  return `${date}, ${cores} cores, Node ${node}, PostgreSQL ${postgres}`
}

function body({ columns, rows, targets, notes }: Omit<Section, 'title'>): string {
  const checked = targets.map(({ text, found, met }) => [text, found, met ? 'yes' : '**no**'])
  return [
    table(columns, rows),
    table(['target', 'found', 'met'], checked),
    notes.map((note) => `- ${note}\n`).join(''),
  ].join('\n')
}

/** A Markdown table that reads as one without being rendered. */
function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, index) => (index === 0 ? (cells[index] ?? '').padEnd(width) : (cells[index] ?? '').padStart(width))).join(' | ')} |\n`
  const rule = `| ${widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |\n`
  return [line(columns), rule, ...rows.map(line)].join('')
}

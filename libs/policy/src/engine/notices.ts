import type { RuleNotice } from './types.ts'

/** What the annotations of a rule say to people. */
export function noticeOf(annotations: Readonly<Record<string, string | null>>): RuleNotice {
  return {
    notice: textOf(annotations.notice),
    advice: textOf(annotations.advice),
    audit_session: annotations.audit_session !== 'false',
  }
}

type Noticed = { readonly notice: RuleNotice }

/** The notices of the rules that decided, in their order, without repeats. */
export function noticesOf(rules: readonly Noticed[]): string[] {
  return [...new Set(rules.flatMap(({ notice }) => notice.notice ?? []))]
}

/** What they advise, likewise. */
export function adviceOf(rules: readonly Noticed[]): string[] {
  return [...new Set(rules.flatMap(({ notice }) => notice.advice ?? []))]
}

function textOf(value: string | null | undefined): string | null {
  return value === undefined || value === null || value.trim() === '' ? null : value
}

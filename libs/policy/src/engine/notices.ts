import type { RuleNotice } from './types.ts'

/** What the annotations of a rule say to people. */
export function noticeOf(annotations: Readonly<Record<string, string | null>>): RuleNotice {
  return {
    notice: textOf(annotations.notice),
    advice: textOf(annotations.advice),
    audit_session: annotations.audit_session !== 'false',
  }
}

/** The notices of the rules that decided, in their order, without repeats. */
export function noticesOf(rules: readonly { readonly notice: RuleNotice }[]): string[] {
  return [...new Set(rules.flatMap(({ notice }) => notice.notice ?? []))]
}

function textOf(value: string | null | undefined): string | null {
  return value === undefined || value === null || value.trim() === '' ? null : value
}

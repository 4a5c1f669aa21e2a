import type { Json } from '../../support/client.ts'

export interface Refusal {
  readonly status: number
  readonly code: string
  readonly text: string
}

/** What the server refuses, as the client throws it. */
export async function refusal(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work
  } catch (error) {
    const { response } = error as { response?: { status: number; data: Json } }
    if (!response) throw error
    const { status, data } = response
    return { status, code: String(data['detailCode'] ?? ''), text: JSON.stringify(data) }
  }
  throw new Error('It was not refused')
}

export const hex = (id: string): string => id.replaceAll('-', '')

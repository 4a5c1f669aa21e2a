import { Injectable } from '@nestjs/common'
import type { DomainError } from '#kernel'

export interface ErrorAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** What the log must hold for the answer to be found again. */
  readonly log?: Readonly<Record<string, string>>
}

export interface ErrorRequest {
  readonly id: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** How a dialect says an error. */
export type ErrorRenderer = (error: DomainError, request: ErrorRequest) => ErrorAnswer

export const renderNativeError: ErrorRenderer = (error) => ({
  status: error.status,
  body: {
    code: error.code,
    message: error.message,
    ...(error.details && { details: error.details }),
    ...(error.notices && { notices: error.notices }),
  },
})

/** The renderer of each URL prefix. A dialect registers its own; everything else is native. */
@Injectable()
export class ErrorRenderers {
  readonly #prefixes: { prefix: string; render: ErrorRenderer }[] = []

  register(prefix: string, render: ErrorRenderer): void {
    this.#prefixes.push({ prefix, render })
    this.#prefixes.sort((a, b) => b.prefix.length - a.prefix.length)
  }

  render(error: DomainError, request: ErrorRequest): ErrorAnswer {
    const { path } = request
    const dialect = this.#prefixes.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
    return (dialect?.render ?? renderNativeError)(error, request)
  }
}

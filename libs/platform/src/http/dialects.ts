import { Injectable, type Type } from '@nestjs/common'
import type { OpenAPIObject } from '@nestjs/swagger'
import type { ErrorCode } from '#kernel'
import { ErrorRenderers, type ErrorRenderer } from './error-renderers.ts'

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>

/** Another product's API over our services: where it stands, how it says errors, what its document tells of it. */
export interface Dialect {
  /** Its document is `/docs/<name>.json`. */
  readonly name: string
  readonly title: string
  readonly about: string
  /** The modules that hold its controllers, and no others. */
  readonly modules: readonly Type[]
  /**
   * The prefixes under which it answers, in groups: behind all of a group stand the same routes, which the document
   * describes under the first one.
   */
  readonly mounts: readonly (readonly [string, ...string[]])[]
  readonly render: ErrorRenderer
  /** The schemas of its errors; `errorSchema` names the one of a code. */
  readonly errorSchemas: Schemas
  readonly errorSchema: (code: ErrorCode) => string
  /** How it writes our ids; as they are by default. */
  readonly wireId?: (id: string) => string
}

/** Every dialect of the installation. Its module registers it when it is made. */
@Injectable()
export class Dialects {
  readonly #renderers: ErrorRenderers
  readonly #dialects: Dialect[] = []

  constructor(renderers: ErrorRenderers) {
    this.#renderers = renderers
  }

  register(dialect: Dialect): void {
    this.#dialects.push(dialect)
    for (const prefix of dialect.mounts.flat()) this.#renderers.register(prefix, dialect.render)
  }

  list(): readonly Dialect[] {
    return this.#dialects
  }
}

/** The path under which a dialect describes what it serves at this one; null for a path that is not the dialect's. */
export function describedPath({ mounts }: Dialect, path: string): string | null {
  const behind = (prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`)
  const fitting = mounts.flatMap((group) => group.filter(behind).map((prefix) => ({ first: group[0], prefix })))
  const [longest] = fitting.toSorted((a, b) => b.prefix.length - a.prefix.length)
  return longest ? longest.first + path.slice(longest.prefix.length) : null
}

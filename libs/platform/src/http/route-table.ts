import { Injectable } from '@nestjs/common'

interface Route {
  readonly method: string
  readonly path: string
  readonly pattern: RegExp
}

/** Every route of the running application, as it was registered. */
@Injectable()
export class RouteTable {
  readonly #routes: Route[] = []

  add(method: string, path: string): void {
    const pattern = path.split('/').map(patternOf)
    this.#routes.push({ method, path, pattern: new RegExp(`^${pattern.join('/')}/?$`) })
  }

  /** Methods and paths in the order of registration; a path parameter is written `:name`. */
  list(): readonly { method: string; path: string }[] {
    return this.#routes.map(({ method, path }) => ({ method, path }))
  }

  methodsOf(path: string): string[] {
    return [...new Set(this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]
  }
}

/** Of a part of a path: a parameter may have a verb behind it, `:id(^[^:]+)::start` for `…:start`. */
function patternOf(part: string): string {
  const [name = '', verb] = part.split('::')
  if (name.startsWith(':')) return verb === undefined ? '[^/]+' : `[^/:]+:${verb}`
  return part === '*' ? '.*' : part.replace(/[^\w-]/g, '\\$&')
}

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
    const pattern = path
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[^\w-]/g, '\\$&')))
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

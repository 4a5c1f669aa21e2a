import { isDeepStrictEqual } from 'node:util'
import { maximumDepth } from '#platform'
import { indexIn, isObject, pointerOf, valueAt, type Json } from './pointer.ts'

/** One operation (RFC 6902 section 4), its pointers as tokens. */
export type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: readonly string[]; readonly value: Json }
  | { readonly op: 'remove'; readonly path: readonly string[] }
  | { readonly op: 'move' | 'copy'; readonly path: readonly string[]; readonly from: readonly string[] }

/** What stands in the way of an operation, in words for the client. */
export class Obstacle extends Error {}

/** Carries out one operation in place, below the document itself. @throws Obstacle, after which the document is good for nothing */
export function carryOut(document: Json, operation: Operation): void {
  switch (operation.op) {
    case 'add':
      return add(document, operation.path, structuredClone(operation.value))
    case 'remove':
      return remove(document, operation.path)
    case 'replace':
      return replace(document, operation.path, structuredClone(operation.value))
    case 'move':
      return move(document, operation.from, operation.path)
    case 'copy':
      return add(document, operation.path, structuredClone(present(document, operation.from)))
    case 'test':
      return test(document, operation.path, operation.value)
  }
}

function add(document: Json, path: readonly string[], value: Json): void {
  checkDepth(path, value)
  const { parent, key } = placeOf(document, path)
  if (!Array.isArray(parent)) {
    parent[key] = value
    return
  }
  const index = key === '-' ? parent.length : indexIn(key, parent.length)
  if (index === null) throw new Obstacle(`an index from 0 to ${parent.length}, or -, must stand at the end of the path`)
  parent.splice(index, 0, value)
}

function remove(document: Json, path: readonly string[]): void {
  present(document, path)
  const { parent, key } = placeOf(document, path)
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
}

/** The value takes the place of the other: members keep their order. */
function replace(document: Json, path: readonly string[], value: Json): void {
  present(document, path)
  checkDepth(path, value)
  const { parent, key } = placeOf(document, path)
  if (Array.isArray(parent)) parent[Number(key)] = value
  else parent[key] = value
}

function move(document: Json, from: readonly string[], path: readonly string[]): void {
  const value = present(document, from)
  if (isDeepStrictEqual(from, path)) return
  if (from.every((token, index) => token === path[index]))
    throw new Obstacle(`${pointerOf(from)} cannot be moved into itself`)
  remove(document, from)
  add(document, path, value)
}

function test(document: Json, path: readonly string[], value: Json): void {
  const actual = present(document, path)
  // JSON has one zero.
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(actual)), JSON.parse(JSON.stringify(value))))
    throw new Obstacle(`the value is ${shortened(actual)}, not ${shortened(value)}`)
}

/** What many operations put into each other is no deeper than what one body may hold. */
function checkDepth(path: readonly string[], value: Json): void {
  if (path.length + depthOf(value) > maximumDepth)
    throw new Obstacle(`the value would be nested deeper than ${maximumDepth}`)
}

function depthOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

function present(document: Json, path: readonly string[]): Json {
  const value = valueAt(document, path)
  if (value === undefined) throw new Obstacle(`there is nothing at ${pointerOf(path)}`)
  return value
}

function placeOf(document: Json, path: readonly string[]): { parent: Json[] | Record<string, Json>; key: string } {
  const [key, above] = [path.at(-1), path.slice(0, -1)]
  const parent = valueAt(document, above)
  if (key === undefined || parent === undefined || !(Array.isArray(parent) || isObject(parent)))
    throw new Obstacle(`${pointerOf(above) || 'the document'} is no object and no array`)
  return { parent, key }
}

function shortened(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

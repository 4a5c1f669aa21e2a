import { notFound } from '#kernel'

/** `@Param('number', versionNumber)`: what is no number of a version names none, so it is 404 like any other unknown one. */
export const versionNumber = {
  transform(text: string): number {
    if (!/^[1-9]\d{0,8}$/.test(text)) throw notFound('version', text.slice(0, 64))
    return Number(text)
  },
}

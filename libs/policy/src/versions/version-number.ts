import { ApiParam } from '@nestjs/swagger'
import { notFound } from '#kernel'

/** `@Param('number', versionNumber)`: what is no number names no version. */
export const versionNumber = {
  transform(text: string): number {
    if (!/^[1-9]\d{0,8}$/.test(text)) throw notFound('version', text.slice(0, 64))
    return Number(text)
  },
}

export const NumberParam = ApiParam({
  name: 'number',
  schema: { type: 'integer', minimum: 1 },
  description: 'Which version',
})

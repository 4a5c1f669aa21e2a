import { ApiParam } from '@nestjs/swagger'

export const NumberParam = (example?: number): MethodDecorator =>
  ApiParam({
    name: 'number',
    schema: { type: 'integer', minimum: 1, ...(example !== undefined && { example }) },
    description: 'Which version',
  })

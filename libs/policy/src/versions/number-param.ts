import { ApiParam } from '@nestjs/swagger'

export const NumberParam = ApiParam({
  name: 'number',
  schema: { type: 'integer', minimum: 1 },
  description: 'Which version',
})

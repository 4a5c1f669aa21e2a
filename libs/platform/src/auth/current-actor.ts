import { createParamDecorator } from '@nestjs/common'
import type { Actor } from '#kernel'
import { currentContext } from '../tenancy/context.ts'

/** Who sent the request. */
export const CurrentActor = createParamDecorator((): Actor => {
  const actor = currentContext()?.actor
  if (!actor) throw new Error('No actor: the route is public')
  return actor
})

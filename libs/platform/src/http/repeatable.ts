import { Reflector } from '@nestjs/core'

/** Marks a POST that is idempotent by its nature (an import, a token): its answers are not kept. */
export const repeatable = Reflector.createDecorator<true>()

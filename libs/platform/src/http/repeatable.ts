import { applyDecorators } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { ApiExtension } from '@nestjs/swagger'

export const repeatable = Reflector.createDecorator<true>()

/** Marks a POST that is idempotent by its nature (an import, a token): its answers are not kept. */
export const Repeatable = (): MethodDecorator => applyDecorators(repeatable(true), ApiExtension('x-repeatable', true))

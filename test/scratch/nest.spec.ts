import { Injectable, Module, ValidationPipe } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { IsInt, IsString } from 'class-validator'
import { DomainError } from '#kernel'
import pg from 'pg'
import { testDatabase } from '../support/postgres.ts'

class Body { @IsString() name!: string; @IsInt() age!: number }
@Injectable() class A { hello() { return 'hi' } }
@Injectable() class B { constructor(private readonly a: A) {} hello() { return this.a.hello() } }
@Module({ providers: [A, B] }) class M {}

test('nest injects by constructor', async () => {
  const m = await Test.createTestingModule({ imports: [M] }).compile()
  expect(m.get(B).hello()).toBe('hi')
  expect(typeof DomainError).toBe('function')
})
test('class-validator', async () => {
  const pipe = new ValidationPipe({ transform: true })
  await expect(pipe.transform({ name: 1, age: 'x' }, { type: 'body', metatype: Body })).rejects.toThrow()
  expect(await pipe.transform({ name: 'a', age: 2 }, { type: 'body', metatype: Body })).toBeInstanceOf(Body)
})
test('db', async () => {
  const d = await testDatabase()
  const c = new pg.Client(d.ownerUrl); await c.connect()
  expect((await c.query('select current_database() d')).rows[0].d).toBe(d.name)
  await c.end()
})

import { DomainError } from '#kernel'
import { Database } from '../database/database.ts'
import { Readiness } from './readiness.ts'

test('the server is not ready while what a library requires does not hold', async () => {
  const readiness = new Readiness(new Database({ url: '', poolSize: 1 }))
  readiness.requires(() => {
    throw new DomainError('unavailable', 'Policies cannot be evaluated just now')
  })
  await expect(readiness.check()).rejects.toMatchObject({ status: 503, message: expect.stringContaining('Policies') })
})

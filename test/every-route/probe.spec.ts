import { writeFileSync } from 'node:fs'
import { startApp } from '../support/app.ts'
import { RouteTable } from '#platform'
test('probe', async () => {
  const app = await startApp()
  const doc = await app.anonymous.get('/v1/openapi.json')
  writeFileSync('/tmp/openapi.json', JSON.stringify(doc.body, null, 1))
  writeFileSync('/tmp/routes.json', app.app.get(RouteTable).list().map(r => `${r.method} ${r.path}`).join('\n'))
  await app.close()
})

import { SegmentsApi, type Segment } from 'sailpoint-api-client'
import type { Json } from '../support/client.ts'
import { startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex, refusal } from './support/refusal.ts'
import { configurationFor } from './support/sailpoint.ts'

/* The official client drives every operation on segments. */

const v3 = new Contract('neighbours.v3.latest.openapi.json')
const { world, acme, configuration } = await startClientWorld()
afterAll(() => world.close())

let count = 0

describe('segments', () => {
  const api = new SegmentsApi(configuration)

  test('are made, patched, listed and deleted, within the contract', async () => {
    const leaf = (attribute: string, value: string): Json => ({
      operator: 'EQUALS',
      attribute,
      value: { type: 'STRING', value },
    })
    const segment = {
      name: 'East', description: 'Of the east', active: true, owner: { type: 'IDENTITY', id: hex(acme.people.alice), name: 'alice' },
      visibilityCriteria: {
        expression: { operator: 'AND', attribute: null, value: null, children: [{ ...leaf('location', 'East'), children: null }, { ...leaf('department', 'R&D'), children: null }] },
      },
    } as unknown as Segment // prettier-ignore
    const { data, status } = await api.createSegment({ segment })
    expect([status, v3.problem('Segment', data)]).toEqual([201, null])
    expect(data).toMatchObject(segment as Json)
    expect(data.id).toMatch(/^[0-9a-f]{8}-/)
    const id = data.id as string
    const expression = { ...leaf('location', 'West'), children: [] }
    const patched = await api.patchSegment({
      id,
      requestBody: [
        { op: 'replace', path: '/visibilityCriteria', value: { expression } },
        { op: 'replace', path: '/active', value: false },
        { op: 'remove', path: '/owner' },
      ],
    })
    expect(v3.problem('Segment', patched.data)).toBeNull()
    expect(patched.data).toMatchObject({
      active: false, owner: null, visibilityCriteria: { expression: { ...expression, children: null } },
    }) // prettier-ignore
    expect((await api.getSegment({ id })).data).toEqual(patched.data)
    expect((await api.listSegments({ limit: 250 })).data).toContainEqual(patched.data)
    expect((await api.deleteSegment({ id })).status).toBe(204)
    expect((await refusal(api.deleteSegment({ id }))).status).toBe(404)
  })

  test('whose criteria are no tree of two levels are refused', async () => {
    const post = (root: Json) =>
      api.createSegment({ segment: { name: `Bad ${++count}`, visibilityCriteria: { expression: root } } as Segment })
    const leaf = { operator: 'EQUALS', attribute: 'a', value: { value: 'b' } }
    for (const root of [
      { operator: 'AND' }, { operator: 'OR', children: [leaf] }, { operator: 'EQUALS', attribute: 'a' },
      { operator: 'EQUALS', value: { value: 'b' } }, { operator: 'AND', children: [{ operator: 'AND', children: [leaf] }] },
      { ...leaf, children: [leaf] }, { operator: 'AND', children: [{ ...leaf, children: [leaf] }] },
    ]) expect([root, (await refusal(post(root))).status]).toEqual([root, 400]) // prettier-ignore
  })

  test('are for ORG_ADMIN', async () => {
    const person = new SegmentsApi(await configurationFor(world, acme, acme.people.bob))
    expect((await refusal(person.listSegments())).status).toBe(403)
  })
})

import fc from 'fast-check'
import { DomainError } from '#kernel'
import { maskedFields } from './update-mask.ts'

interface Body {
  name?: string
  description?: string
  labels?: string[]
  custom_properties?: object
}

const writable = { name: undefined, description: '', labels: [], custom_properties: {} }
const body: Body = { name: 'a', labels: ['x'], description: 'd' }

test.each<[string | undefined, Body]>([
  [undefined, body],
  ['', body],
  [' , ', body],
  ['labels', { labels: ['x'] }],
  ['labels,name', { labels: ['x'], name: 'a' }],
  [' labels , description ', { labels: ['x'], description: 'd' }],
  ['customProperties', { custom_properties: {} }],
  ['custom_properties,labels', { custom_properties: {}, labels: ['x'] }],
  ['*', { ...body, custom_properties: {} }],
])('update_mask %j writes its fields, and clears those that the body lacks', (mask, fields) => {
  expect(maskedFields(body, mask, writable)).toEqual(fields)
})

test.each([
  'surprise',
  'labels,surprise',
  'labels,',
  'Labels',
  'custom_properties.a',
  '__proto__',
  'constructor',
  'LABELS',
  '*.*',
])('update_mask %j is refused, with what would be right', (mask) => {
  expect(() => maskedFields(body, mask, writable)).toThrow(
    expect.objectContaining({
      code: 'invalid_parameter',
      details: expect.objectContaining({ parameter: 'update_mask' }),
    }),
  )
})

test('a field that cannot be cleared is not', () => {
  expect(() => maskedFields({ labels: [] }, 'name', writable)).toThrow(/cannot be cleared/)
})

test('no text of a mask makes anything but a choice of fields or a refusal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (mask) => {
      try {
        const fields = Object.keys(maskedFields(body, mask, writable))
        expect(fields.every((field) => field in writable)).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError)
      }
    }),
  )
})

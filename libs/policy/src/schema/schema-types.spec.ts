import { SchemaTypes } from './schema-types.ts'

const types = new SchemaTypes({
  '': {
    commonTypes: {
      Desk: { type: 'Record', attributes: { floor: { type: 'Long' }, seat: { type: 'String', required: false } } },
    },
    entityTypes: {
      User: {
        shape: {
          type: 'Record',
          attributes: {
            name: { type: 'EntityOrCommon', name: 'String' },
            costs: { type: 'Set', element: { type: 'EntityOrCommon', name: 'Long' }, required: false },
            desk: { type: 'EntityOrCommon', name: 'Desk', required: false },
            address: { type: 'EntityOrCommon', name: 'ipaddr', required: false },
            boss: { type: 'EntityOrCommon', name: 'User', required: false },
          },
        },
      },
    },
    actions: {
      go: { appliesTo: { principalTypes: ['User'], resourceTypes: ['User'], context: { type: 'Desk' } as never } },
    },
  },
})

const read = (name: string, value: unknown): unknown =>
  types.fitting({ [name]: value }, types.attributesOf('User'))[name]

test.each([
  ['name', 'x', 'x'],
  ['name', 1, undefined],
  ['costs', [1, 2], [1, 2]],
  ['costs', [1, '2'], undefined],
  ['costs', [1.5], undefined],
  ['costs', [2 ** 53], undefined],
  ['desk', { floor: 1 }, { floor: 1 }],
  ['desk', { floor: 1, other: true }, { floor: 1 }],
  ['desk', { seat: 'a' }, undefined],
  ['desk', { floor: 1, seat: 2 }, undefined],
  ['address', '10.0.0.1', { __extn: { fn: 'ip', arg: '10.0.0.1' } }],
  ['boss', 'ada', { __entity: { type: 'User', id: 'ada' } }],
  ['boss', { type: 'User', id: 'ada' }, { __entity: { type: 'User', id: 'ada' } }],
  ['boss', { type: 'Robot', id: 'r' }, undefined],
  ['boss', { type: 'no type', id: 'r' }, undefined],
  ['address', { __extn: { fn: 'ip', arg: '10.0.0.1' } }, { __extn: { fn: 'ip', arg: '10.0.0.1' } }],
  ['address', { __extn: { fn: 'decimal', arg: '1.5' } }, undefined],
  ['address', 'upstairs', undefined],
  ['name', null, undefined],
  ['unknown', 'x', undefined],
])('%s of %j is %j', (name, value, expected) => expect(read(name, value)).toEqual(expected))

test('the context of an action is found by its common type, and of an unknown one is none', () => {
  expect(Object.keys(types.contextOf('Action', 'go') ?? {})).toEqual(['floor', 'seat'])
  expect(types.contextOf('Action', 'toString')).toBeNull()
  expect(types.attributesOf('Nobody')).toEqual({})
})

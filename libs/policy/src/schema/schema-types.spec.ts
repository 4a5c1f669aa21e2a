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
            name: { type: 'String' },
            costs: { type: 'Set', element: { type: '__cedar::Long' }, required: false },
            desk: { type: 'Desk', required: false },
            address: { type: 'ipaddr', required: false },
            boss: { type: 'Entity', name: 'User', required: false },
            room: { type: 'House::Room', required: false },
          },
        },
      },
    },
    actions: {
      go: { appliesTo: { principalTypes: ['User'], resourceTypes: ['User'], context: { type: 'Desk' } as never } },
    },
  },
  House: {
    commonTypes: { Room: { type: 'Record', attributes: { owner: { type: 'Entity', name: 'House::Owner' } } } },
    entityTypes: { Owner: {} },
    actions: {
      enter: {
        appliesTo: {
          principalTypes: ['User'],
          resourceTypes: ['House::Owner'],
          context: { type: 'House::Room' } as never,
        },
      },
    },
  },
})

const read = (name: string, value: unknown): unknown =>
  types.fitting({ [name]: value }, types.attributesOf('User'))[name]

test.each([
  ['name', 'x', 'x'],
  ['name', 1, undefined],
  ['name', 'x'.repeat(4096), 'x'.repeat(4096)],
  ['name', 'x'.repeat(4097), undefined],
  ['desk', { floor: 1, seat: 'x'.repeat(4097) }, undefined],
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
  ['room', { owner: 'ada' }, { owner: { __entity: { type: 'House::Owner', id: 'ada' } } }],
  ['room', { owner: { type: 'User', id: 'ada' } }, undefined],
  ['name', null, undefined],
  ['unknown', 'x', undefined],
])('%s of %.40j is %.40j', (name, value, expected) => expect(read(name, value)).toEqual(expected))

test('the context of an action is found by its common type, and of an unknown one is none', () => {
  expect(Object.keys(types.contextOf('Action', 'go') ?? {})).toEqual(['floor', 'seat'])
  expect(Object.keys(types.contextOf('House::Action', 'enter') ?? {})).toEqual(['owner'])
  expect(types.contextOf('Action', 'toString')).toBeNull()
  expect(types.attributesOf('Nobody')).toEqual({})
})

test.each([
  ['name', 'String'],
  ['costs', 'Set<Long>'],
  ['desk', '{ floor: Long, seat?: String }'],
  ['address', 'ipaddr'],
  ['boss', 'User'],
  ['room', '{ owner: House::Owner }'],
])('%s is described as Cedar writes it: %s', (name, description) => {
  expect(types.describe(types.attributesOf('User')[name] ?? {})).toBe(description)
})

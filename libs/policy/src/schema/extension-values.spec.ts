import { Cedar } from '../engine/instance.ts'
import { extensionValue } from './extension-values.ts'

const texts: Readonly<Record<string, readonly string[]>> = {
  ipaddr: [
    '10.0.0.1', '10.0.0.0/8', '0.0.0.0/0', '255.255.255.255/32', '::', '::1', '2001:db8::/32', 'FF02::1', '2001:db8:0:0:0:0:0:1/128',
    '10.0.0.1/33', '::1/129', '10.0.0.1/08', '10.0.0', '10.0.0.01', '10.0.0.1/', 'fe80::1%eth0', '::ffff:10.0.0.1', '', ' 10.0.0.1', 'x',
  ],
  decimal: ['0.0', '-1.5', '1.2345', '99999999999999.9999', '1', '1.23456', '.5', '1.', '1,5', '+1.5', '999999999999999999.0', ''],
  datetime: [
    '2026-11-22', '2024-02-29', '2026-11-22T23:59:59Z', '2026-11-22T08:00:00.123Z', '2026-11-22T08:00:00+0100',
    '2026-11-22T08:00:00.123-2359', '0001-01-01', '9999-12-31T23:59:59.999Z', '2021-02-29', '2021-02-30', '2021-13-01', '2026-11-22T24:00:00Z',
    '2026-11-22T08:60:00Z', '2026-11-22T08:00:60Z', '2026-11-22T08:00:00', '2026-11-22T08:00Z', '2026-11-22T08:00:00+01:00',
    '2026-11-22T08:00:00.1Z', '2026-11-22T08:00:00+2400', 'last year', '',
  ],
  duration: ['1d', '1d2h3m4s5ms', '-1h', '0ms', '5ms', '1m5ms', '999999999d', '1h1d', '1', 'ms', '-', '', '1.5h', '1d1d', 'd'],
} // prettier-ignore

const cedar = new Cedar()
const nobody = { type: 'User', id: 'nobody' }

test.each(Object.entries(texts).flatMap(([type, all]) => all.map((text) => [type, text] as const)))(
  '%s %j is a value exactly when Cedar reads it',
  (type, text) => {
    const fn = type === 'ipaddr' ? 'ip' : type
    const answer = cedar.call((api) =>
      api.isAuthorized({
        principal: nobody,
        action: nobody,
        resource: nobody,
        context: { value: { __extn: { fn, arg: text } } },
        entities: [],
        policies: {},
      }),
    )
    const value = extensionValue(text, type)
    expect([text, value !== undefined]).toEqual([text, answer.type === 'success'])
    if (value !== undefined) expect(value).toEqual({ __extn: { fn, arg: text } })
  },
)

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Conversion,
  toBytes,
  toInteger,
  toList,
  toMessageAttributes,
  toSegment,
  toText,
  toTime,
} from './conversions.ts';

const seconds = (value: unknown): unknown => (value instanceof Date ? value.getTime() / 1_000 : value);

// spec/http-api.md §3.7, Choices C26 and C73. `undefined`: no value of that kind.
const rows: readonly (readonly [convert: Conversion, text: string, value: unknown])[] = [
  [toText, ' a ', ' a '],
  [toText, '', ''],
  [toSegment, '', undefined],
  [toSegment, '..', undefined],
  [toSegment, 'a/..', 'a/..'],
  [toBytes, 'ü', Buffer.from([0xc3, 0xbc])],
  [toInteger, '10', 10],
  [toInteger, ' -3 ', -3],
  [toInteger, '', undefined],
  [toInteger, '1.5', undefined],
  [toInteger, '1e3', undefined],
  [toInteger, '0x10', undefined],
  [toInteger, '9'.repeat(16), undefined],
  [toList, 'a', ['a']],
  [toList, 'a, b,c', ['a', 'b', 'c']],
  [toList, '["a","b, c"]', ['a', 'b, c']],
  [toList, ' [] ', []],
  [toList, '[1]', undefined],
  [toList, '["a"', undefined],
  [toTime, '2024-05-06', Date.UTC(2024, 4, 6) / 1_000],
  [toTime, '2024-05-06T07:08:09.5+02:00', Date.UTC(2024, 4, 6, 5, 8, 9, 500) / 1_000],
  [toTime, '1715000000', 1_715_000_000],
  [toTime, '1715000000.25', 1_715_000_000.25],
  [toTime, '1715000000250', 1_715_000_000.25],
  [toTime, '2024-13-06', undefined],
  [toTime, 'May 6, 2024', undefined],
  [toTime, '', undefined],
  [toMessageAttributes, '{}', {}],
  [
    toMessageAttributes,
    '{"a":{"DataType":"String","StringValue":"v"}}',
    { a: { DataType: 'String', StringValue: 'v' } },
  ],
  [
    toMessageAttributes,
    '{"a":{"DataType":"Binary","BinaryValue":"AQI="}}',
    { a: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) } },
  ],
  [toMessageAttributes, '{"a":"v"}', undefined],
  [toMessageAttributes, '{"a":{"DataType":"Number","StringValue":1}}', undefined],
  [toMessageAttributes, '{"a":{"DataType":"String","stringValue":"v"}}', undefined],
  [toMessageAttributes, '[]', undefined],
  [toMessageAttributes, 'null', undefined],
  [toMessageAttributes, '', undefined],
];

describe('texts become values', () => {
  for (const [convert, text, value] of rows) {
    test(`${convert.name} ${JSON.stringify(text)}`, () => assert.deepEqual(seconds(convert(text)), value));
  }
});

test('the name of an attribute is data, whatever it is', () => {
  const text = '{"__proto__":{"DataType":"String","StringValue":"v"}}';
  assert.deepEqual(Object.keys(toMessageAttributes(text) as object), ['__proto__']);
  assert.equal(({} as { DataType?: string }).DataType, undefined);
});

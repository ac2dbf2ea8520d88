import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRouteTarget, printRouteTarget } from './route-target.ts';

const TABLE: readonly (readonly [text: string, id: string | undefined])[] = [
  ['integrations/a1b2c3d', 'a1b2c3d'],
  ['integrations/', undefined],
  ['integrations/a/b', undefined],
  ['a1b2c3d', undefined],
  ['/integrations/a1b2c3d', undefined],
  ['', undefined],
];

for (const [text, id] of TABLE) {
  test(`${JSON.stringify(text)} leads to ${id}`, () => {
    assert.equal(parseRouteTarget(text), id);
    if (id !== undefined) assert.equal(printRouteTarget(id), text);
  });
}

// Of each protocol over a channel: no two of its kinds have one number, which two changes at a time may give them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const KIND = /^export const (\w+) = (FIRST_KIND.*);$/gm;

for (const protocol of ['functions', 'nodes', 'workers']) {
  test(`each kind of the protocol of ${protocol} has a number of its own`, () => {
    const text = readFileSync(join('src/cluster', protocol, 'protocol.ts'), 'utf8');
    const names = new Map<string, string>();
    for (const [, name = '', number = ''] of text.matchAll(KIND)) {
      assert.equal(names.get(number), undefined, `${name} has the number of ${names.get(number)}`);
      names.set(number, name);
    }
    assert.ok(names.size > 1);
  });
}

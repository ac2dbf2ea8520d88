import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from './fixture.test.support.ts';
import { leadsSomewhere } from './references.ts';

const { root } = fixture({ 'x-a': { '': null, 'b/c': { '~1': 1 }, 'é f%': [{ g: 1 }, 2] } });

const LEADING = [
  ...['#', '#/info', '#/info/title', '#/x-a/', '#/x-a/b~1c', '#/x-a/b~1c/~01'],
  ...['#/x-a/%C3%A9%20f%25/0/g', '#/x-a/é f%25/1', '#/x%2Da'],
];
const NOT_LEADING = [
  ...['', 'Pet', '/info', '#info', '#/', '#/nope', '#/info/title/x', '#/constructor', '#/x-a/b/c'],
  ...['#/x-a/é f%25/2', '#/x-a/é f%25/00', '#/x-a/é f%25/length', '#/x-a/é f%', '#/%E0%A4%A'],
  ...['https://example.com/x.yaml', 'other.json#/info', 'file:///etc/passwd'],
];

test('a reference leads somewhere within the document, or nowhere (Choice O10)', () => {
  for (const reference of LEADING) assert.equal(leadsSomewhere(reference, root), true, reference);
  for (const reference of NOT_LEADING) assert.equal(leadsSomewhere(reference, root), false, reference);
});

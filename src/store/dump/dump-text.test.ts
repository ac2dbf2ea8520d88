import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CannotRead } from './cannot-read.ts';
import { printDump, readDump, type StoredDocument } from './dump-text.ts';

const DOCUMENTS: readonly StoredDocument[] = [
  { key: 'a/r/apis/x', seq: 1, body: '{"n":1.5e300,"text":"\\u0000 “x”\\n"}' },
  { key: 'a/r/ids/', seq: 4, body: '{"__proto__":{"a":1}}' },
  { key: 'a/r/ids/%ud800%2F', seq: 7, body: '{}' },
];

async function printed(documents = DOCUMENTS, latest = 9): Promise<string> {
  const pages = (async function* () {
    for (const document of documents) yield [document];
  })();
  const lines: string[] = [];
  for await (const text of printDump({ documents: documents.length, latest }, pages)) lines.push(text);
  return lines.join('');
}

async function read(text: string, chunk = 7): Promise<readonly StoredDocument[]> {
  const chunks = (async function* () {
    for (let at = 0; at < text.length; at += chunk) yield text.slice(at, at + chunk);
  })();
  const dump = await readDump(chunks);
  const found: StoredDocument[] = [];
  for await (const document of dump.documents) found.push(document);
  return found;
}

describe('an export of a store', () => {
  test('is read as it was, however it arrives', async () => {
    const text = await printed();
    for (const chunk of [1, 7, 10_000]) assert.deepEqual(await read(text, chunk), DOCUMENTS);
    assert.deepEqual(await read(await printed([], 0)), []);
  });

  const damaged: readonly (readonly [name: string, change: (text: string) => string, message: RegExp])[] = [
    ['nothing', () => '', /^it is empty$/],
    ['other JSON', () => '{"a":1}\n', /^it is no export of a store$/],
    ['no JSON', () => 'hello\n', /^it is no export of a store$/],
    [
      'another format',
      (text) => text.replace('"format":1', '"format":2'),
      /^its format is 2, and this version reads 1$/,
    ],
    [
      'a head without numbers',
      (text) => text.replace('"latest":9', '"latest":-1'),
      /^its first line has not the numbers/,
    ],
    [
      'an end that is missing',
      (text) => text.split('\n').slice(0, 3).join('\n').concat('\n'),
      /^it ends after 2 of 3 documents$/,
    ],
    ['a line without its end', (text) => text.slice(0, -1), /^its last line has no end$/],
    ['a changed document', (text) => text.replace('1.5e300', '1.5e301'), /^its checksum is another/],
    ['a changed position', (text) => text.replace('"seq":4', '"seq":5'), /^its checksum is another/],
    [
      'another order',
      (text) => text.replace('"seq":4', '"seq":1'),
      /^line 3 is not in the order of creation$/,
    ],
    [
      'a position that was not yet given',
      (text) => text.replace('"seq":7', '"seq":10'),
      /^line 4 is not in the order/,
    ],
    [
      'a document that is no object',
      (text) => text.replace('"body":{}', '"body":[]'),
      /^line 4 is no document$/,
    ],
    [
      'a document that is no JSON',
      (text) => text.replace('"body":{}', '"body":{x}'),
      /^line 4 is no document$/,
    ],
    ['a key of another form', (text) => text.replace('a/r/apis/x', 'a/r/a pis/x'), /^line 2 is no document$/],
    ['more behind its end', (text) => `${text}{}\n`, /^it goes on behind its checksum$/],
  ];
  for (const [name, change, message] of damaged) {
    test(`with ${name} cannot be read`, async () => {
      const text = change(await printed());
      await assert.rejects(read(text), (error) => error instanceof CannotRead && message.test(error.message));
    });
  }
});

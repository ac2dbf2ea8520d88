import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type PostgresPlace, parsePlace, printPlace } from './place.ts';

const USUAL: PostgresPlace = {
  hosts: [{ host: 'db', port: 5432 }],
  user: 'postern',
  password: undefined,
  database: 'd',
  schema: 'postern',
  pooled: false,
  listen: true,
  tls: 'prefer',
  rootCertificate: undefined,
};

describe('the URL of a store in PostgreSQL', () => {
  const read: readonly (readonly [text: string, differs: Partial<PostgresPlace>, printed: string])[] = [
    ['postgres://postern@db/d', {}, 'postgres://postern@db/d'],
    ['postgresql://postern:s3%40cret@db:5432/d', { password: 's3@cret' }, 'postgres://postern@db/d'],
    [
      'postgres://a%20b:x@db1,db2:6432,[::1]:7/d%2Fe',
      {
        user: 'a b',
        password: 'x',
        database: 'd/e',
        hosts: [
          { host: 'db1', port: 5432 },
          { host: 'db2', port: 6432 },
          { host: '::1', port: 7 },
        ],
      },
      'postgres://a%20b@db1,db2:6432,[::1]:7/d%2Fe',
    ],
    ['postgres://postern@db/d?pooled=true', { pooled: true, listen: false }, 'postgres://postern@db/d'],
    [
      'postgres://postern@db/d?schema=mine&listen=false&sslmode=verify-full&sslrootcert=/ca.pem',
      { schema: 'mine', listen: false, tls: 'verify-full', rootCertificate: '/ca.pem' },
      'postgres://postern@db/d',
    ],
  ];
  for (const [text, differs, printed] of read) {
    test(`${text} is read, and told without its secrets`, () => {
      const place = parsePlace(text);
      assert.deepEqual(place, { ...USUAL, ...differs });
      assert.equal(printPlace(place), printed);
    });
  }

  const refused: readonly (readonly [text: string, message: RegExp])[] = [
    ['mysql://a:hush@b/c', /^it is a URL like postgres:/],
    ['postgres://b/c', /^it names no user/],
    ['postgres://a:hush@b', /^it names no database/],
    ['postgres://a:hush@b/', /^it names no database/],
    ['postgres://a:hush@/c', /^its hosts are HOST:PORT/],
    ['postgres://a:hush@b:0/c', /^its hosts are HOST:PORT/],
    ['postgres://a:hush@b:99999/c', /^its hosts are HOST:PORT/],
    ['postgres://a:hush@b,,c/d', /^its hosts are HOST:PORT/],
    ['postgres://a:hush%@b/c', /^its password has a % that begins no escape/],
    ['postgres://a:hu@sh@b/c', /^it is a URL like/],
    ['postgres://a:hush@b/c?ssl=1', /^its options are schema, .*"ssl" is none of them/],
    ['postgres://a:hush@b/c?pooled=yes', /^its option pooled is true or false/],
    ['postgres://a:hush@b/c?listen=true&listen=true', /^its option listen is there twice/],
    ['postgres://a:hush@b/c?sslmode=allow', /^its sslmode is one of disable, /],
    ['postgres://a:hush@b/c?schema=Mine', /^its schema is a name of small letters/],
    ['postgres://a:hush@b/c?schema=pg_mine', /^its schema is a name/],
    ['postgres://a:hush@b/c?schema=x"y', /^its schema is a name/],
  ];
  for (const [text, message] of refused) {
    test(`${text} is refused with a sentence that has no password`, () => {
      assert.throws(
        () => parsePlace(text),
        (error: Error) => message.test(error.message) && !/hush/.test(error.message),
      );
    });
  }
});

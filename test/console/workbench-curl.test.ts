// Curl commands as requests (console/src/workbench/curl): what is pasted into the workbench.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCurl, parseCurl } from '../../console/src/workbench/curl/curl.ts';
import { CurlError } from '../../console/src/workbench/curl/shell-words.ts';

type Headers = readonly (readonly [string, string])[];

interface Expected {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Headers;
  readonly body?: string;
  readonly notes?: readonly string[];
}

const URL_A = 'http://a/';
const FORM: Headers = [['Content-Type', 'application/x-www-form-urlencoded']];
const JSON_BOTH: Headers = [
  ['Accept', 'application/json'],
  ['Content-Type', 'application/json'],
];

const understood: readonly [command: string, expected: Expected][] = [
  ['curl http://a/', {}],
  ['curl a/b', { url: 'http://a/b' }],
  ['  $ curl http://a/', {}],
  ['/usr/bin/curl http://a/', {}],
  ['curl.exe http://a/', {}],
  ['curl --url http://a/', {}],
  ['curl -X DELETE http://a/', { method: 'DELETE' }],
  ['curl -XDELETE http://a/', { method: 'DELETE' }],
  ['curl --request patch http://a/', { method: 'patch' }],
  ['curl -I http://a/', { method: 'HEAD' }],
  [
    'curl -H \'X-A: 1\' --header "X-B:2" http://a/',
    {
      headers: [
        ['X-A', '1'],
        ['X-B', '2'],
      ],
    },
  ],
  ["curl -H 'X-Time: 10:20' http://a/", { headers: [['X-Time', '10:20']] }],
  ["curl -H 'Accept:' -H 'X-Empty;' http://a/", { headers: [['X-Empty', '']] }],
  ['curl -d a=1 http://a/', { method: 'POST', headers: FORM, body: 'a=1' }],
  [
    'curl -d a=1 --data-raw @b --data-binary c http://a/',
    { method: 'POST', headers: FORM, body: 'a=1&@b&c' },
  ],
  [
    "curl --data-ascii x -H 'content-type: text/plain' http://a/",
    { method: 'POST', headers: [['content-type', 'text/plain']], body: 'x' },
  ],
  ["curl -X PUT -d '' http://a/", { method: 'PUT', headers: FORM, body: '' }],
  ['curl --json \'{"a":1}\' http://a/', { method: 'POST', headers: JSON_BOTH, body: '{"a":1}' }],
  ["curl --json '{' --json '}' http://a/", { method: 'POST', headers: JSON_BOTH, body: '{}' }],
  ['curl -G -d a=1 -d b=2 http://a/', { url: 'http://a/?a=1&b=2' }],
  ['curl --get -d b=2 http://a/?a=1#top', { url: 'http://a/?a=1&b=2' }],
  ["curl -G --data-urlencode 'q=a b&c' http://a/", { url: 'http://a/?q=a%20b%26c' }],
  [
    "curl --data-urlencode '=a b' --data-urlencode 'é' http://a/",
    { method: 'POST', headers: FORM, body: 'a%20b&%C3%A9' },
  ],
  ['curl --url-query a=1 http://a/', { url: 'http://a/?a=1' }],
  ['curl -u ann:secret http://a/', { headers: [['Authorization', 'Basic YW5uOnNlY3JldA==']] }],
  ['curl --user é http://a/', { headers: [['Authorization', 'Basic w6k6']] }],
  ['curl --oauth2-bearer abc http://a/', { headers: [['Authorization', 'Bearer abc']] }],
  [
    'curl -A me -e http://b/ -b a=1 http://a/',
    {
      headers: [
        ['User-Agent', 'me'],
        ['Referer', 'http://b/'],
        ['Cookie', 'a=1'],
      ],
    },
  ],
  ['curl --compressed http://a/', { headers: [['Accept-Encoding', 'deflate, gzip, br, zstd']] }],
  ['curl -sSiLk --max-time 3 -o out.json http://a/', {}],
  ['curl -sXPOST http://a/', { method: 'POST' }],
  ['curl --no-keepalive --no-sessionid http://a/', {}],
  // Quotes and line ends.
  ['curl \\\n  -X POST \\\r\n  http://a/', { method: 'POST' }],
  ['curl "http://a/?x=\\"y\\"&p=\\$1"', { url: 'http://a/?x="y"&p=$1' }],
  ["curl 'http://a/?a=$b'", { url: 'http://a/?a=$b' }],
  ["curl http://a/ -d 'it'\\''s'", { method: 'POST', headers: FORM, body: "it's" }],
  [
    "curl http://a/ --data-raw $'a\\nb\\u0021\\x41\\101\\'\\\\'",
    { method: 'POST', headers: FORM, body: "a\nb!AA'\\" },
  ],
  ['curl http://a/ -d "line 1\nline 2"', { method: 'POST', headers: FORM, body: 'line 1\nline 2' }],
  ['curl http://a/ -d "a\\\nb \\z"', { method: 'POST', headers: FORM, body: 'ab \\z' }],
  ['curl http://a/ # a comment', {}],
  ['curl http://a/ -d a^b', { method: 'POST', headers: FORM, body: 'a^b' }],
  // What is said about it.
  ['curl http://a/ | jq .', { notes: ['What stands behind the command was left out: | jq .'] }],
  ['curl http://a/ > out', { notes: ['What stands behind the command was left out: > out'] }],
  [
    'curl http://a/\ncurl http://b/',
    { notes: ['What stands behind the command was left out: curl http://b/'] },
  ],
  [
    'curl -x http://proxy http://a/',
    { notes: ['-x has no effect here: the request goes to this server as it is.'] },
  ],
];
for (const [command, expected] of understood) {
  test(`${JSON.stringify(command)} is understood`, () => {
    const { request, notes } = parseCurl(command);
    const { notes: said = [], ...wanted } = expected;
    assert.deepEqual(request, { method: 'GET', url: URL_A, headers: [], body: '', ...wanted });
    assert.deepEqual(notes, said);
  });
}

const refused: readonly [command: string, message: RegExp][] = [
  ['', /paste a command that begins with curl/],
  ['wget http://a/', /This begins with "wget"/],
  ['curl', /no URL/],
  ['curl -X', /-X wants a value/],
  ['curl -H', /-H wants a value/],
  ['curl http://a/ http://b/', /two URLs, http:\/\/a\/ and http:\/\/b\//],
  ['curl --frobnicate http://a/', /--frobnicate is no option of curl that is known here/],
  ['curl -! http://a/', /-! is no option/],
  ["curl 'http://a/", /A quote is not closed: ' before "http:\/\/a\/"/],
  ['curl "http://a/', /A quote is not closed: " before/],
  ["curl $'a", /A quote is not closed/],
  ['curl ^"http://a/^"', /quotes of Windows' cmd/],
  ['curl http://a/ ^\n -X POST', /quotes of Windows' cmd/],
  ['curl http://a/ `\n -X POST', /line ends of PowerShell/],
  ['curl http://$HOST/', /\$HOST is a variable of your shell/],
  ['curl "http://a/${STAGE}/"', /\$\{STAGE\} is a variable of your shell/],
  ['curl $(url)', /\$\(…\) is a command of your shell/],
  ['curl `url`', /`…` is a command of your shell/],
  ['curl -d @file http://a/', /-d @file reads a file, which a page cannot/],
  ['curl --data-urlencode a@file http://a/', /reads a file/],
  ['curl --json @file http://a/', /reads a file/],
  ['curl -b jar http://a/', /reads a file/],
  ['curl -T file http://a/', /reads a file/],
  ['curl -K file http://a/', /reads options from a file/],
  ['curl -F a=b http://a/', /multipart/],
  ['curl -H nonsense http://a/', /a header is 'Name: value'/],
  ['curl -H @file http://a/', /reads a file/],
  ["curl -H 'A: b\nC: d' http://a/", /a header is 'Name: value'/],
];
for (const [command, message] of refused) {
  test(`${JSON.stringify(command)} is refused with a sentence`, () => {
    assert.throws(
      () => parseCurl(command),
      (error: unknown) => error instanceof CurlError && message.test(error.message),
    );
  });
}

test('a field in which a URL is wanted knows a command when it is pasted', () => {
  const texts = ['curl http://a/', ' $ curl -s http://a/', 'curl.exe http://a/', 'http://curl/', 'curling'];
  assert.deepEqual(texts.map(isCurl), [true, true, true, false, false]);
});

test('a command as long as a request may be is read', () => {
  assert.throws(() => parseCurl(`curl ${'"$ '.repeat(200_000)}`), CurlError);
  assert.equal(parseCurl(`curl http://a/ -d '${'$'.repeat(2_000_000)}'`).request.body.length, 2_000_000);
  assert.throws(() => parseCurl(`curl ${'a'.repeat(12_000_000)}`), /longer than 12 million/);
});

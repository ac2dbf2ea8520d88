// Text over our door is UTF-8, or the connection closes with 1007 (RFC 6455 §8.1, RFC 3629; spec/websocket-api.md §7.4). Group 6
// of the Autobahn test suite has its counterparts here. A message is judged when it is complete.
import { bytes, type Case, closed, echoed, part, testProtocol } from '../../support/protocol-cases.ts';
import { CONTINUATION, frame, TEXT } from '../../support/socket-client.ts';

const KOSME = 'κόσμε';
const kosme = Buffer.from(KOSME);

const text: readonly Case[] = [
  echoed('text of several bytes a character', [frame(TEXT, KOSME)], `text ${KOSME}`),
  echoed(
    'characters split between fragments',
    [...kosme].map((byte, i) =>
      frame(i === 0 ? TEXT : CONTINUATION, Buffer.from([byte]), { fin: i === kosme.length - 1 }),
    ),
    `text ${KOSME}`,
  ),
  echoed('four bytes', [frame(TEXT, bytes('f0908d88'))], 'text \u{10348}'),
  echoed('the last character', [frame(TEXT, bytes('f48fbfbf'))], 'text \u{10ffff}'),
  echoed('U+FFFE is a character', [frame(TEXT, bytes('efbfbe'))], 'text \ufffe'),
  echoed('U+0000 is a character', [frame(TEXT, bytes('00'))], 'text \u0000'),
  echoed('a byte order mark stays', [frame(TEXT, bytes('efbbbf61'))], 'text \ufeffa'),
  closed('a byte that begins nothing', 1007, [frame(TEXT, bytes('ff'))]),
  closed('a continuation byte alone', 1007, [frame(TEXT, bytes('80'))]),
  closed('a sequence cut short', 1007, [frame(TEXT, bytes('61e282'))]),
  closed('a surrogate', 1007, [frame(TEXT, bytes('eda080'))]),
  closed('an overlong slash', 1007, [frame(TEXT, bytes('c0af'))]),
  closed('an overlong euro', 1007, [frame(TEXT, bytes('f08282ac'))]),
  closed('above the last character', 1007, [frame(TEXT, bytes('f4908080'))]),
  closed('five bytes', 1007, [frame(TEXT, bytes('f888808080'))]),
  closed('good text, then bad', 1007, [frame(TEXT, Buffer.concat([kosme, bytes('eda080656469746564')]))]),
  closed('bad in the second fragment', 1007, [part(TEXT, kosme), frame(CONTINUATION, bytes('f4908080'))]),
  closed('cut short across fragments', 1007, [part(TEXT, bytes('f0')), frame(CONTINUATION, bytes('90'))]),
  closed('bad behind a good message', 1007, [frame(TEXT, 'a'), frame(TEXT, bytes('ff'))], 'text a'),
];

/** Hexadecimal; the group of the test suite stands in front. */
const VALID: readonly (readonly [group: string, hex: string])[] = [
  ['6.2.1 a sentence', Buffer.from('Hello-µ@ßöäüàá-UTF-8!!').toString('hex')],
  ['6.5 the first two letters', 'cebae1bdb9'],
  ['6.7.1 the first of one byte', '00'],
  ['6.7.2 the first of two bytes', 'c280'],
  ['6.7.3 the first of three bytes', 'e0a080'],
  ['6.7.4 the first of four bytes', 'f0908080'],
  ['6.9.1 the last of one byte', '7f'],
  ['6.9.2 the last of two bytes', 'dfbf'],
  ['6.9.3 the last of three bytes', 'efbfbf'],
  ['6.9.4 the last of four bytes', 'f48fbfbf'],
  ['6.11.1 U+D7FF, before the surrogates', 'ed9fbf'],
  ['6.11.2 U+E000, behind the surrogates', 'ee8080'],
  ['6.11.3 U+FFFD', 'efbfbd'],
  ['6.11.4 U+10FFFF', 'f48fbfbf'],
  ['6.22 U+FFFE', 'efbfbe'],
  ['6.22 U+FFFF', 'efbfbf'],
  ['6.22 U+1FFFE', 'f09fbfbe'],
  ['6.22 U+8FFFF', 'f28fbfbf'],
  ['6.22 U+10FFFE', 'f48fbfbe'],
  ['6.23 U+FFF9 to U+FFFD', 'efbfb9efbfbaefbfbbefbfbcefbfbd'],
];

const INVALID: readonly (readonly [group: string, hex: string])[] = [
  ['6.3.1 a surrogate inside a text', 'cebae1bdb9cf83cebcceb5eda080656469746564'],
  ['6.4.1 above the last character inside a text', 'cebae1bdb9cf83cebcceb5f4908080656469746564'],
  ...[...kosme.keys()]
    .filter((length) => (kosme[length]! & 0xc0) === 0x80)
    .map((length) => [`6.6 a word cut at ${length}`, kosme.subarray(0, length).toString('hex')] as const),
  ['6.8.1 the first of five bytes', 'f888808080'],
  ['6.8.2 the first of six bytes', 'fc8480808080'],
  ['6.10.1 the last of four bytes, U+1FFFFF', 'f7bfbfbf'],
  ['6.10.2 the last of five bytes', 'fbbfbfbfbf'],
  ['6.10.3 the last of six bytes', 'fdbfbfbfbfbf'],
  ['6.11.5 U+110000', 'f4908080'],
  ['6.12.1 the first continuation byte alone', '80'],
  ['6.12.2 the last continuation byte alone', 'bf'],
  ['6.12.3 two continuation bytes', '80bf'],
  ['6.12.4 three', '80bf80'],
  ['6.12.5 four', '80bf80bf'],
  ['6.12.8 all', Array.from({ length: 64 }, (_, i) => (0x80 + i).toString(16)).join('')],
  ['6.13.1 starts of two bytes, each before a blank', starts(0xc0, 32)],
  ['6.13.2 starts of three bytes', starts(0xe0, 16)],
  ['6.13.3 starts of four bytes', starts(0xf0, 8)],
  ['6.13.4 starts of five bytes', starts(0xf8, 4)],
  ['6.13.5 starts of six bytes', starts(0xfc, 2)],
  ['6.14.1 two bytes, the last missing', 'c0'],
  ['6.14.2 three bytes', 'e080'],
  ['6.14.3 four bytes', 'f08080'],
  ['6.14.4 five bytes', 'f8808080'],
  ['6.14.5 six bytes', 'fc80808080'],
  ['6.14.6 two bytes, the last missing, U+07FF', 'df'],
  ['6.14.7 three bytes, U+FFFF', 'efbf'],
  ['6.14.8 four bytes', 'f7bfbf'],
  ['6.15.1 all these, one behind the other', 'c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf'],
  ['6.16.1 fe', 'fe'],
  ['6.16.2 ff', 'ff'],
  ['6.16.3 fe fe ff ff', 'fefeffff'],
  ['6.17.1 the slash in two bytes', 'c0af'],
  ['6.17.2 in three', 'e080af'],
  ['6.17.3 in four', 'f08080af'],
  ['6.17.4 in five', 'f8808080af'],
  ['6.17.5 in six', 'fc80808080af'],
  ['6.18.1 the last overlong of two bytes', 'c1bf'],
  ['6.18.2 of three', 'e09fbf'],
  ['6.18.3 of four', 'f08fbfbf'],
  ['6.18.4 of five', 'f887bfbfbf'],
  ['6.18.5 of six', 'fc83bfbfbfbf'],
  ['6.19.1 U+0000 in two bytes', 'c080'],
  ['6.19.2 in three', 'e08080'],
  ['6.19.3 in four', 'f0808080'],
  ['6.19.4 in five', 'f880808080'],
  ['6.19.5 in six', 'fc8080808080'],
  ...['a080', 'adbf', 'ae80', 'afbf', 'b080', 'be80', 'bfbf'].map(
    (surrogate) => [`6.20 the surrogate ed${surrogate}`, `ed${surrogate}`] as const,
  ),
  ...['a080edb080', 'a080edbfbf', 'adbfedb080', 'adbfedbfbf', 'ae80edb080', 'ae80edbfbf', 'afbfedb080'].map(
    (pair) => [`6.21 the surrogates ed${pair}`, `ed${pair}`] as const,
  ),
  ['6.21 the surrogates edafbfedbfbf', 'edafbfedbfbf'],
];

function starts(first: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `${(first + i).toString(16)}20`).join('');
}

/** Each as one frame, and with a frame for each byte. */
function both([name, hex]: readonly [string, string], make: (name: string, sends: Buffer[]) => Case): Case[] {
  const data = bytes(hex);
  return [
    make(name, [frame(TEXT, data)]),
    make(
      `${name}, a byte a frame`,
      [...data].map((byte, i) =>
        frame(i === 0 ? TEXT : CONTINUATION, Buffer.from([byte]), { fin: i === data.length - 1 }),
      ),
    ),
  ];
}

const valid = VALID.flatMap((row) =>
  both(row, (name, sends) => echoed(name, sends, `text ${bytes(row[1]).toString()}`)),
);
const invalid = INVALID.flatMap((row) => both(row, (name, sends) => closed(name, 1007, sends)));

testProtocol({ text, valid, invalid });

// Where requests come from, by their headers (docs/guide/production.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeaderBlock } from './header-block.ts';
import { forwardingHeader, isOfWebPage } from './request-source.ts';

const pages: readonly (readonly [headers: readonly string[], isPage: boolean])[] = [
  [['Host', 'localhost'], false],
  [['Origin', 'http://localhost:4700'], true],
  [['origin', 'null'], true],
  [['Origin', ''], true],
  [['Sec-Fetch-Site', 'none'], false],
  [['Sec-Fetch-Site', 'same-origin'], true],
  [['sec-fetch-site', 'same-site'], true],
  [['SEC-FETCH-SITE', 'cross-site'], true],
  [['Sec-Fetch-Site', 'NONE'], true],
  [['Sec-Fetch-Site', ''], true],
  [['Sec-Fetch-Site', 'none', 'Sec-Fetch-Site', 'cross-site'], true],
  [['Sec-Fetch-Site', 'none', 'Origin', 'http://localhost'], true],
];

for (const [headers, isPage] of pages) {
  test(`${headers.join(' ')}: ${isPage ? '' : 'not '}of a web page`, () => {
    assert.equal(isOfWebPage(HeaderBlock.fromPairs(headers)), isPage);
  });
}

const forwarding: readonly (readonly [name: string, isForwarding: boolean])[] = [
  ['Forwarded', true],
  ['CDN-Loop', true],
  ['Via', true],
  ['X-Real-IP', true],
  ['x-forwarded-for', true],
  ['X-FORWARDED-HOST', true],
  ['X-Forwarded-Port', true],
  ['X-Forwarded-Proto', true],
  ['X-Forwarded-Prefix', true],
  ['X-Forwarded', true],
  ['X-Client-IP', true],
  ['CF-Connecting-IP', true],
  ['Host', false],
  ['User-Agent', false],
  ['X-Amz-Date', false],
  ['X-Amzn-Trace-Id', false],
  ['Max-Forwards', false],
];

for (const [name, isForwarding] of forwarding) {
  test(`${name} ${isForwarding ? 'tells' : 'does not tell'} of a proxy`, () => {
    const headers = HeaderBlock.fromPairs(['Host', 'localhost', name, 'x']);
    assert.equal(forwardingHeader(headers), isForwarding ? name : undefined);
  });
}

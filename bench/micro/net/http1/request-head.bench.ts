import { RequestHead, readRequestHead, scanRequestHead } from '../../../../src/net/http1/request-head.ts';
import type { Suite } from '../../micro.ts';
import { HEADER_LINES, LONG_HEADER_LINES } from '../../requests.ts';

function reading(headerLines: string): (iterations: number) => number {
  const bytes = Buffer.from(`GET /pets/42?limit=10&name=rex HTTP/1.1\r\n${headerLines}`, 'latin1');
  const head = new RequestHead();
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) {
      const end = scanRequestHead(bytes, 0, head);
      if (readRequestHead(bytes.toString('latin1', 0, end), head)) sum += head.target.length;
    }
    return sum;
  };
}

export const suite: Suite = {
  of: 'net/http1/request-head: bytes to method, target, header positions and framing',
  variants: [
    { name: '8 headers, 330 bytes', run: reading(HEADER_LINES) },
    { name: '24 headers, 2 KB', run: reading(LONG_HEADER_LINES) },
  ],
};

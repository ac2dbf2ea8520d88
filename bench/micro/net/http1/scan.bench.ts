import { scanHeaderLines } from '../../../../src/net/http1/scan.ts';
import type { Suite } from '../../micro.ts';
import { HEADER_LINES, LONG_HEADER_LINES } from '../../requests.ts';

function scanning(text: string): (iterations: number) => number {
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) {
      const spans: number[] = [];
      sum += scanHeaderLines(text, 0, spans) + spans.length;
    }
    return sum;
  };
}

export const suite: Suite = {
  of: 'net/http1/scan: header lines to positions',
  variants: [
    { name: '8 headers, 330 bytes', run: scanning(HEADER_LINES) },
    { name: '24 headers, 2 KB', run: scanning(LONG_HEADER_LINES) },
  ],
};

import { HeaderNames } from '../../../src/http-api/mapping/header-names.ts';
import { HOP_BY_HOP } from '../../../src/net/hop-by-hop.ts';
import { scanHeaderLines } from '../../../src/net/http1/scan.ts';
import type { Suite } from '../micro.ts';
import { HEADER_LINES } from '../requests.ts';

const NAMES = [...HOP_BY_HOP, 'host', 'forwarded', 'via', 'x-stage', 'x-secret', 'x-request-id'];
const CODES = NAMES.map((name, i) => [name, i + 1] as const);

function looking(): (iterations: number) => number {
  const names = new HeaderNames(CODES);
  const spans: number[] = [];
  scanHeaderLines(HEADER_LINES, 0, spans);
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) {
      for (let at = 0; at < spans.length; at += 4)
        sum += names.codeAt(HEADER_LINES, spans[at]!, spans[at + 1]!);
    }
    return sum;
  };
}

export const suite: Suite = {
  of: 'http-api/header-names: eight names, three of them known',
  variants: [
    { name: 'look up', run: looking() },
    {
      name: 'build the table',
      run(iterations) {
        let sum = 0;
        for (let i = 0; i < iterations; i++) sum += new HeaderNames(CODES).codeAt('host', 0, 4);
        return sum;
      },
    },
  ],
};

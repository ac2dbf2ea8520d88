import { matchOperation } from '../../../src/wire/match.ts';
import type { Suite } from '../micro.ts';

function matching(method: string, path: string): (iterations: number) => number {
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) sum += matchOperation(method, path)!.labels.length;
    return sum;
  };
}

export const suite: Suite = {
  of: 'wire/match: method and raw path to operation',
  variants: [
    { name: 'GetApis', run: matching('GET', '/v2/apis') },
    { name: 'UpdateIntegration', run: matching('PATCH', '/v2/apis/a1b2c3d4e5/integrations/f6g7h8i') },
    {
      name: 'TagResource, encoded ARN',
      run: matching('POST', '/v2/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fapis%2Fa1'),
    },
  ],
};

// Configurations of Lambda rows: the same routes and stages for each payload format.
import { lambdaIntegration, type Setup } from './case.ts';

function setupOf(format: '1.0' | '2.0'): Setup {
  return {
    integrations: { it: lambdaIntegration(format) },
    routes: [
      { key: 'POST /orders/{id}', to: 'it' },
      { key: 'GET /orders/{id}', to: 'it' },
      { key: 'ANY /files/{path+}', to: 'it' },
      { key: '$default', to: 'it' },
    ],
    stages: [
      { StageName: '$default', StageVariables: { k: 'v' } },
      { StageName: 'prod', StageVariables: { k: 'v', other: 'w' } },
      { StageName: 'plain' },
    ],
  };
}

export const V1 = setupOf('1.0');
export const V2 = setupOf('2.0');

/** Text as the bytes of its UTF-8, one character a byte, as requests are written. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

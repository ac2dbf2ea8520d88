import { parseRequestMappings } from '../../../src/grammar/mapping.ts';
import { RequestPlan } from '../../../src/http-api/mapping/request-plan.ts';
import { PETS_MAPPING } from '../../load/gateways/postern-api.ts';
import { TEN_MAPPINGS } from '../../load/scenarios/mappings.ts';
import { callOf, SCOPE } from '../calls.ts';
import type { Suite } from '../micro.ts';

const TARGET = { method: 'ANY', host: 'backend.test', path: () => '/plain/42', query: '' };

function building(mappings: Record<string, string>): (iterations: number) => number {
  const plan = new RequestPlan(TARGET, parseRequestMappings(mappings), SCOPE, '127.0.0.1');
  const call = callOf();
  return (iterations) => {
    let sum = 0;
    // The text is read as the codec would: one character of a rope makes V8 flatten it.
    for (let i = 0; i < iterations; i++) sum += (plan.build(call) as string).charCodeAt(40);
    return sum;
  };
}

export const suite: Suite = {
  of: 'http-api/request-plan: start line and header lines of the backend request',
  variants: [
    { name: 'no mapping', run: building({}) },
    { name: '5 mappings (request half of the load)', run: building(PETS_MAPPING.request) },
    { name: '8 mappings', run: building(TEN_MAPPINGS.request) },
  ],
};

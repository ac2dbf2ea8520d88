import { compileEvent } from '../../../src/http-api/lambda-event/event.ts';
import { callOf, SCOPE } from '../calls.ts';
import type { Suite } from '../micro.ts';

const ROUTE = { key: 'GET /pets/{petId}', variableNames: ['petId'] };

function building(format: '1.0' | '2.0'): (iterations: number) => number {
  const call = callOf();
  const plan = compileEvent(format, call.stage, ROUTE, [], SCOPE);
  return (iterations) => {
    let sum = 0;
    // One character of a rope makes V8 flatten it, as sending it would.
    for (let i = 0; i < iterations; i++) sum += plan.build(call, '')!.charCodeAt(40);
    return sum;
  };
}

export const suite: Suite = {
  of: 'http-api/lambda-event: the event of a Lambda integration',
  variants: [
    { name: 'format 1.0', run: building('1.0') },
    { name: 'format 2.0', run: building('2.0') },
  ],
};

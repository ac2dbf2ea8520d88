import { compileJsonPath, JsonBody, parseJsonPath } from '../../../src/grammar/json-path.ts';
import { petDocument } from '../../load/requests.ts';
import type { Suite } from '../micro.ts';

const DOCUMENT = petDocument(2 * 1024);

function finding(path: string): (iterations: number) => number {
  const find = compileJsonPath(parseJsonPath(path));
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) sum += find(new JsonBody(DOCUMENT))!.length;
    return sum;
  };
}

export const suite: Suite = {
  of: 'grammar/json-path: a JSON body of 2 KB to a text, parsing included',
  variants: [
    { name: '.pet.name', run: finding('.pet.name') },
    { name: '.order.items[1].price', run: finding('.order.items[1].price') },
    { name: '.more[*].kind', run: finding('.more[*].kind') },
    {
      name: 'JSON.parse alone, to compare',
      run(iterations) {
        let sum = 0;
        for (let i = 0; i < iterations; i++)
          sum += (JSON.parse(DOCUMENT) as { pet: { name: string } }).pet.name.length;
        return sum;
      },
    },
  ],
};

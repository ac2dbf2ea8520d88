import { normalisePath } from '../../../src/http-api/path.ts';
import type { Suite } from '../micro.ts';

function normalising(path: string): (iterations: number) => number {
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) sum += normalisePath(path)!.length;
    return sum;
  };
}

export const suite: Suite = {
  of: 'http-api/path: normalisation',
  variants: [
    { name: 'nothing to do', run: normalising('/pets/42/visits/2025-11-22') },
    { name: 'percent-encoded', run: normalising('/pets/r%C3%A9x/visits/2025') },
    { name: 'double slashes and dots', run: normalising('/pets//./42/visits/') },
  ],
};

import { queryValue, withoutQueryName } from '../../../src/stage/query.ts';
import type { Suite } from '../micro.ts';

const QUERY = 'limit=10&name=rex&filter=a%20b&page=3&sort=age';

function running(work: (query: string) => number): (iterations: number) => number {
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) sum += work(QUERY);
    return sum;
  };
}

export const suite: Suite = {
  of: 'http-api/query: one name among five pairs',
  variants: [
    { name: 'read', run: running((query) => queryValue(query, 'page')!.length) },
    { name: 'read, encoded value', run: running((query) => queryValue(query, 'filter')!.length) },
    { name: 'overwrite', run: running((query) => withoutQueryName(query, 'page', 'page=4').length) },
    {
      name: 'URLSearchParams get, to compare',
      run: running((query) => new URLSearchParams(query).get('page')!.length),
    },
  ],
};

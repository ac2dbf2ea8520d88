import { parseMappingValue } from '../../../src/grammar/mapping-value.ts';
import {
  compilePathValue,
  compileUriPath,
  type PathReader,
} from '../../../src/http-api/mapping/path-value.ts';
import { callOf, SCOPE } from '../calls.ts';
import type { Suite } from '../micro.ts';

function reading(read: PathReader): (iterations: number) => number {
  const call = callOf();
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) sum += read(call)!.charCodeAt(1);
    return sum;
  };
}

function overwriting(value: string): PathReader {
  return compilePathValue(parseMappingValue(value, 'request'), SCOPE, () => '/').path;
}

const URI = [
  { kind: 'literal', text: '/v2/animals/' },
  { kind: 'variable', name: 'petId' },
] as const;

export const suite: Suite = {
  of: 'http-api/path-value: the path of the backend request',
  variants: [
    {
      name: 'the URI as it is',
      run: reading(compileUriPath([{ kind: 'literal', text: '/v2' }], [], undefined, false)),
    },
    { name: 'the URI with a variable', run: reading(compileUriPath(URI, ['petId'], undefined, false)) },
    {
      name: 'the URI and the request path',
      run: reading(compileUriPath([{ kind: 'literal', text: '/v2' }], [], undefined, true)),
    },
    { name: 'overwrite:path', run: reading(overwriting('/v2/animals/$request.path.petId')) },
  ],
};

// A mapping that needs the body: the POST is buffered, its JSON read, one member put into a header.
import type { Scenario } from '../bench.ts';
import { petDocument, post } from '../requests.ts';
import { againstItself } from './against-itself.ts';

const BODY = petDocument(2 * 1024);

export const bodyMapping: Scenario = {
  name: 'body-mapping',
  title: '$request.body.pet.name out of a JSON body of 2 KB, beside the same POST without mapping',
  run: (bench) => {
    const backend = `http://127.0.0.1:${bench.backend.port}`;
    const routeKey = 'POST /pets/{petId}';
    const common = { loadOf: (host: string) => post(host, BODY), status: 200 };
    return againstItself(bench, {
      base: { ...common, name: 'no mapping', routes: [{ routeKey, uri: `${backend}/plain/{petId}` }] },
      variant: {
        ...common,
        name: 'body mapping',
        routes: [
          {
            routeKey,
            uri: `${backend}/body/{petId}`,
            request: { 'append:header.x-note': '$request.body.pet.name' },
          },
        ],
      },
      atLeast: 0.7,
    });
  },
};

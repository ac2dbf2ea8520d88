// `lambda:` where the Invoke API of Lambda is (docs/guide/lambda.md):
//
//   lambda:
//     endpoint: http://localhost:4566
//     functions:
//       hello: { endpoint: http://localhost:9001 }
//       arn:aws:lambda:eu-west-1:123456789012:function:orders:prod: { endpoint: http://orders.internal }
//
// `lambda: aws`, or `endpoint: aws`, is AWS itself.

import type { LambdaSettings } from '../../backends/lambda/settings.ts';
import {
  choice,
  defaulted,
  entriesOf,
  into,
  needed,
  objectOf,
  optional,
  type Shape,
  scalarOr,
  section,
  url,
} from '../shape.ts';
import { FUNCTION_KEYS } from './functions.ts';

/** In place of an endpoint. */
export const AT_AWS = 'aws';

const single = into(
  objectOf({ endpoint: needed('Base URL of the Invoke API of this function.', url) }),
  ({ endpoint }) => endpoint,
);

const endpoint: Shape<string> = {
  schema: { anyOf: [{ enum: [AT_AWS] }, url.schema] },
  read: (node) => (node.text() === AT_AWS ? AT_AWS : url.read(node)),
};

const members = into(
  objectOf({
    endpoint: optional(
      `Base URL of the Invoke API of the functions that the section functions has not, or ${AT_AWS}.`,
      endpoint,
    ),
    functions: defaulted(
      'Functions with an endpoint of their own, by name or ARN.',
      entriesOf(single, FUNCTION_KEYS),
      new Map(),
    ),
  }),
  (written): LambdaSettings =>
    written.endpoint === AT_AWS
      ? { endpoint: undefined, atAws: true, functionEndpoints: written.functions }
      : { endpoint: written.endpoint, functionEndpoints: written.functions },
);

const atAws = into(
  choice([AT_AWS]),
  (): LambdaSettings => ({ endpoint: undefined, atAws: true, functionEndpoints: new Map() }),
);

export const lambda = section('Where the Invoke API of Lambda is.', scalarOr(atAws, members), {
  endpoint: undefined,
  functionEndpoints: new Map(),
});

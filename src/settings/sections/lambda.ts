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
import type { ConfigNode } from '../config-node.ts';
import { checkFunctionKey } from './functions.ts';

export function readLambda(node: ConfigNode | undefined): LambdaSettings {
  if (node?.isScalar) {
    node.choice([AT_AWS]);
    return { endpoint: undefined, atAws: true, functionEndpoints: new Map() };
  }
  const members = node?.members(['endpoint', 'functions']);
  const functions = members?.get('functions')?.entries() ?? [];
  const endpoint = members?.get('endpoint');
  const atAws = endpoint?.text() === AT_AWS;
  return {
    endpoint: atAws ? undefined : endpoint?.url(),
    ...(atAws ? { atAws } : {}),
    functionEndpoints: new Map(functions.map(([key, each]) => [key, readEndpoint(key, each)])),
  };
}

/** In place of an endpoint. */
export const AT_AWS = 'aws';

function readEndpoint(key: string, node: ConfigNode): string {
  checkFunctionKey(key, node);
  const endpoint = node.members(['endpoint']).get('endpoint');
  if (endpoint === undefined) throw node.error('needs an endpoint');
  return endpoint.url();
}

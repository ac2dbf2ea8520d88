// Mapping: a GET with ten mappings and one with none.
import type { Scenario } from '../bench.ts';
import { get } from '../requests.ts';
import { againstItself } from './against-itself.ts';

export const mappings: Scenario = {
  name: 'mappings',
  title: '10 mappings instead of none',
  run: (bench) => {
    const uri = `http://127.0.0.1:${bench.backend.port}/plain/{petId}`;
    const routeKey = 'GET /pets/{petId}';
    const common = { loadOf: (host: string) => get(host), status: 200, stageVariables: { colour: 'blue' } };
    return againstItself(bench, {
      base: { ...common, name: 'no mapping', routes: [{ routeKey, uri }] },
      variant: { ...common, name: '10 mappings', routes: [{ routeKey, uri, ...TEN_MAPPINGS }] },
      atLeast: 0.9,
    });
  },
};

export const TEN_MAPPINGS = {
  request: {
    'append:header.x-request-id': '$context.requestId',
    'append:header.x-note': '$request.header.user-agent',
    'append:header.x-place': '${stageVariables.colour}-${context.stage}',
    'overwrite:header.x-stage': 'prod',
    'remove:header.x-secret': "''",
    'append:querystring.src': 'gw',
    'append:querystring.pet': '$request.path.petId',
    'overwrite:path': '/ten/$request.path.petId',
  },
  response: { 200: { 'append:header.x-powered-by': 'gw', 'remove:header.server': "''" } },
};

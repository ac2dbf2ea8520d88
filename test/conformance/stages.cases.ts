// Stages, deployments, stage variables: spec/http-api.md §8, and §1.3 and §4.11 as far as they wait for a deployment.
import { BACKEND, type CallCase, type CreationCase, gatewayError, request, type Setup } from './case.ts';

const VALUE = { 'overwrite:header.x-v': '${stageVariables.v}', 'overwrite:header.x-stage': '$context.stage' };

const base: Setup = {
  integrations: {
    it: { IntegrationUri: `http://${BACKEND}/\${stageVariables.v}`, RequestParameters: VALUE },
  },
  routes: [{ key: 'GET /x', to: 'it' }],
  stages: [{ StageName: 'prod', StageVariables: { v: 'one' } }],
};

const change = {
  do: 'updateIntegration',
  name: 'it',
  with: { RequestParameters: { 'append:header.x-new': 'n' } },
} as const;

function live(
  name: string,
  statements: readonly string[],
  setup: Setup,
  sent: readonly string[],
  target = '/prod/x',
  path = '/one',
): CallCase {
  return {
    name,
    statements,
    setup,
    request: request(`GET ${target}`),
    sent: { line: `GET ${path}`, headers: sent },
  };
}

const gone = (name: string, statements: readonly string[], setup: Setup, target = '/prod/x'): CallCase => ({
  name,
  statements: ['§14 status: 404', ...statements],
  setup,
  request: request(`GET ${target}`),
  sent: null,
  got: gatewayError(404),
});

const ONE = ['x-v: one', 'x-stage: prod'];
const AUTO: Setup = {
  ...base,
  stages: [{ StageName: 'prod', AutoDeploy: true, StageVariables: { v: 'one' } }],
};

export const stageCases: readonly CallCase[] = [
  live('a stage has its variables', ['§8-9', '§4.5 source: stageVariables'], base, ONE),
  {
    ...live(
      'two stages, two values',
      ['§8-9'],
      { ...base, stages: [...base.stages!, { StageName: 'test', StageVariables: { v: 'two' } }] },
      ['x-v: two', 'x-stage: test'],
      '/test/x',
      '/two',
    ),
  },
  live('a change waits for a deployment', ['§8-2', '§4.11-9'], { ...base, afterwards: [change] }, ONE),
  live(
    'and is there with it',
    ['§8-2', '§4.11-9'],
    { ...base, afterwards: [change, { do: 'deploy', stage: 'prod' }] },
    [...ONE, 'x-new: n'],
  ),
  live(
    'a deployment without stage moves none',
    ['§8-2'],
    { ...base, afterwards: [change, { do: 'deploy' }] },
    ONE,
  ),
  gone(
    'a new route waits',
    ['§8-2'],
    { ...base, afterwards: [{ do: 'createRoute', route: { key: 'GET /y', to: 'it' } }] },
    '/prod/y',
  ),
  live(
    'a deleted route still answers',
    ['§8-2'],
    { ...base, afterwards: [{ do: 'deleteRoute', key: 'GET /x' }] },
    ONE,
  ),
  {
    ...live(
      'CORS waits',
      ['§8-2'],
      { ...base, afterwards: [{ do: 'updateApi', with: { CorsConfiguration: { AllowOrigins: ['*'] } } }] },
      ['Origin: https://a.com', ...ONE],
    ),
    request: request('GET /prod/x', ['Origin: https://a.com']),
    got: { status: 200, headers: [], body: 'ok' },
  },
  live('auto-deploy makes a change live', ['§8-3'], { ...AUTO, afterwards: [change] }, [...ONE, 'x-new: n']),
  live(
    'auto-deploy makes a route live',
    ['§8-3'],
    { ...AUTO, afterwards: [{ do: 'createRoute', route: { key: 'GET /y', to: 'it' } }] },
    ONE,
    '/prod/y',
  ),
  live(
    'a stage with auto-deploy serves on when a deployment names it',
    ['§8-3'],
    { ...AUTO, afterwards: [{ do: 'deploy', stage: 'prod' }] },
    ONE,
  ),
  live(
    'and follows the next change',
    ['§8-3'],
    { ...AUTO, afterwards: [{ do: 'deploy', stage: 'prod' }, change] },
    [...ONE, 'x-new: n'],
  ),
  gone('auto-deploy deletes a route', ['§8-3'], {
    ...AUTO,
    routes: [...AUTO.routes, { key: 'GET /y', to: 'it' }],
    afterwards: [{ do: 'deleteRoute', key: 'GET /x' }],
  }),
  gone('a stage without deployment', ['§8-6'], { ...base, stages: [{ StageName: 'prod', deployed: false }] }),
  {
    ...live(
      'stage variables are live at once',
      ['§8-7'],
      base,
      ['x-v: three', 'x-stage: prod'],
      '/prod/x',
      '/three',
    ),
    setup: {
      ...base,
      afterwards: [{ do: 'updateStage', stage: 'prod', with: { StageVariables: { v: 'three' } } }],
    },
  },
  {
    name: 'an undefined variable in the URI',
    statements: ['§8-11', '§14 status: 500'],
    setup: { ...base, stages: [{ StageName: 'prod' }] },
    request: request('GET /prod/x'),
    sent: null,
    got: gatewayError(500),
  },
];

const stage = (
  name: string,
  statements: readonly string[],
  StageName: string,
  message?: string,
): CreationCase => ({
  name,
  statements,
  creation: { create: 'stage', with: { StageName } },
  ...(message === undefined ? {} : { refused: { name: 'BadRequestException', message } }),
});

const variables = (
  name: string,
  StageVariables: Readonly<Record<string, string>>,
  message: RegExp,
): CreationCase => ({
  name,
  statements: ['§8-8'],
  creation: { create: 'stage', with: { StageName: 's', StageVariables } },
  refused: { name: 'BadRequestException', message },
});

export const stageCreationCases: readonly CreationCase[] = [
  variables('a variable name has an alphabet', { 'a-b': 'x' }, /^Invalid stage variable name: a-b\./),
  variables('and a length', { ['n'.repeat(65)]: 'x' }, /64/),
  variables('a variable value has an alphabet', { a: 'x;y' }, /^Invalid stage variable value: x;y\./),
  variables('and one of its own', { a: 'x'.repeat(513) }, /512/),
  variables(
    'there are at most 100',
    Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`v${i}`, 'x'])),
    /100/,
  ),
  {
    name: 'an API without routes is not deployed',
    statements: ['§8-5'],
    creation: { create: 'deployment' },
    refused: {
      name: 'BadRequestException',
      message: 'Unable to deploy API because no valid routes exist in this API',
    },
  },
  ...['$default', 'prod', 'a-b_C9', 'x'.repeat(128)].map((name) =>
    stage(`stage ${name.slice(0, 10)}`, ['§8-1'], name),
  ),
  ...['a.b', 'a b', 'caf\u00e9', '$other'].map((name) =>
    stage(`no stage ${name}`, ['§8-1'], name, 'Stage name only allows a-zA-Z0-9_'),
  ),
  {
    name: 'variable names and values',
    statements: ['§8-8'],
    creation: {
      create: 'stage',
      with: { StageName: 's', StageVariables: { ['n'.repeat(64)]: 'aZ0-._~:/?#&=,' } },
    },
  },
];

// Who may deploy, and where: callers sign, and their policies are asked for the stack and for each call (spec/definitions.md §1.1.3).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { askStacks, askToDeploy } from '../../../src/cli/deploy/stacks-door.ts';
import type { DeployReport } from '../../../src/definitions/deploy-answer.ts';
import type { DeployRequest, StackPlace } from '../../../src/definitions/deploy-request.ts';
import type { StackSummary } from '../../../src/definitions/stack-description.ts';
import { parsePolicy } from '../../../src/identity/policy.ts';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';

const ALL = { accessKeyId: 'AKIAALL', secretAccessKey: 'a', accountId: '000000000000' };
const SOME = {
  accessKeyId: 'AKIASOME',
  secretAccessKey: 'b',
  accountId: '000000000000',
  policies: [
    parsePolicy({
      Statement: [
        { Effect: 'Allow', Action: 'cloudformation:*', Resource: '*' },
        { Effect: 'Allow', Action: 'apigateway:POST', Resource: 'arn:aws:apigateway:us-east-1::/apis' },
      ],
    }),
  ],
};
const HERE: StackPlace = { account: undefined, region: undefined };

const request = (stackName: string, stage: string): DeployRequest => ({
  stackName,
  template: {
    name: 'template.json',
    text: JSON.stringify({
      Resources: {
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: stackName, ProtocolType: 'HTTP' } },
        ...(stage !== '' && {
          Stage: {
            Type: 'AWS::ApiGatewayV2::Stage',
            Properties: { ApiId: { Ref: 'Api' }, StageName: stage },
          },
        }),
      },
    }),
  },
});

describe('deploys by callers who sign', () => {
  let server: RunningPostern;
  before(async () => {
    server = await startTestPostern({ credentials: [ALL, SOME] });
  });
  after(() => server.close());

  const as = (credentials: typeof ALL | undefined) => ({
    url: new URL(server.management),
    credentials,
    region: 'us-east-1',
  });
  const asked = (credentials: typeof ALL | undefined, what: DeployRequest, place = HERE) =>
    askToDeploy(as(credentials), place, what) as Promise<DeployReport>;

  test('nobody deploys without a signature', async () => {
    await assert.rejects(asked(undefined, request('a', '')), /refused: .*\. It wants signed requests/);
  });

  test('a policy is asked for each call of the plan, and nothing of it stays', async () => {
    assert.equal((await asked(SOME, request('some', ''))).outcome, 'deployed');
    const refused = await asked(SOME, request('more', 'prod'));
    assert.equal(refused.outcome, 'refused');
    assert.match(
      refused.message!,
      /^Stage .* is not authorized to perform: apigateway:POST on resource: .*\/stages/,
    );
    const { stacks } = await askStacks<{ stacks: readonly StackSummary[] }>(as(ALL), HERE, {
      method: 'GET',
      path: '/_postern/stacks',
    });
    assert.deepEqual(
      stacks.map(({ name }) => name),
      ['some'],
    );
  });

  test('a stack is where its assembly says, in any region, in the own account alone (§9.2)', async () => {
    const there = { account: '000000000000', region: 'eu-west-1' };
    const { stack } = await asked(ALL, request('there', ''), there);
    assert.deepEqual([stack.account, stack.region], ['000000000000', 'eu-west-1']);
    await assert.rejects(
      asked(ALL, request('there', ''), { account: '123456789012', region: 'eu-west-1' }),
      /The stack belongs to the account 123456789012, and the request is signed for 000000000000/,
    );
  });
});

describe('while anybody may call', () => {
  test('an account and a region may be any that there are', async (t) => {
    const server = await startTestPostern();
    t.after(() => server.close());
    const door = { url: new URL(server.management), credentials: undefined, region: 'us-east-1' };
    const place = { account: '123456789012', region: 'eu-west-1' };
    const { stack } = (await askToDeploy(door, place, request('a', ''))) as DeployReport;
    assert.deepEqual([stack.account, stack.region], ['123456789012', 'eu-west-1']);
    await assert.rejects(
      askToDeploy(door, { ...place, account: 'mine' }, request('a', '')),
      /it has 12 digits/,
    );
    await assert.rejects(
      askToDeploy(door, { ...place, region: 'no region' }, request('a', '')),
      /it is no name of a region/,
    );
  });
});

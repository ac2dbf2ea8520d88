// `deploy` of `postern/testing`: definitions on disk and as objects (spec/definitions.md §1.1, §11).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { WebSocket } from 'ws';
import { startPostern } from '../../../src/testing/entry.ts';

const directory = mkdtempSync(join(tmpdir(), 'postern-deployed-'));
const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
file(
  'greet.mjs',
  'let calls = 0;\nexport const handler = async () => ({ greeting: process.env.GREETING, calls: ++calls });\n',
);
const TEMPLATE = file(
  'template.yaml',
  `Transform: AWS::Serverless-2016-10-31
Parameters:
  Greeting: { Type: String, Default: Hello }
Resources:
  Api: { Type: AWS::Serverless::HttpApi }
  Greet:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: greet.handler
      CodeUri: .
      Environment: { Variables: { GREETING: !Ref Greeting } }
      Events:
        Get: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: GET, Path: /greet } }
Outputs:
  Address: { Value: !Sub 'https://\${Api}.execute-api.\${AWS::Region}.amazonaws.com' }
  Said: { Value: !Ref Greeting }
`,
);
const SOCKETS = {
  Resources: {
    Chat: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: 'chat',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.action',
      },
    },
    Live: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Chat' }, StageName: 'live', AutoDeploy: true },
    },
    Mock: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Chat' },
        IntegrationType: 'MOCK',
        RequestTemplates: { $default: '{"statusCode":200}' },
        TemplateSelectionExpression: '\\$default',
      },
    },
    Connect: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Chat' },
        RouteKey: '$connect',
        Target: { 'Fn::Sub': 'integrations/${Mock}' },
      },
    },
  },
};

const postern = await startPostern();
after(async () => {
  await postern.close();
  rmSync(directory, { recursive: true });
});
afterEach(() => postern.reset());

interface Greeting {
  readonly greeting: string;
  readonly calls: number;
}

async function greet(url: string): Promise<Greeting> {
  const response = await fetch(`${url}/greet`);
  assert.equal(response.status, 200);
  return (await response.json()) as Greeting;
}

test('a template answers at its address, with the parameters that were given', async () => {
  const stack = await postern.deploy(TEMPLATE, { parameters: { Greeting: 'Hi' }, stackName: 'greeter' });
  const { apiId } = stack.apis[0]!;
  assert.equal(stack.stackName, 'greeter');
  assert.equal(stack.url(), postern.url(apiId));
  assert.deepEqual(stack.outputs, { Address: postern.url(apiId), Said: 'Hi' });
  assert.deepEqual(stack.apis, [
    { logicalId: 'Api', apiId, protocolType: 'HTTP', stage: '$default', url: stack.url('Api', '$default') },
  ]);
  assert.deepEqual(stack.warnings, []);
  assert.equal((await greet(stack.url())).greeting, 'Hi');
});

test('a function that is the same at the point stays warm, another begins anew', async () => {
  const stack = await postern.deploy(TEMPLATE);
  postern.mark('deployed');
  assert.deepEqual(await greet(stack.url()), { greeting: 'Hello', calls: 1 });
  await postern.reset('deployed');
  assert.deepEqual(await greet(stack.url()), { greeting: 'Hello', calls: 2 });
  await postern.deploy(TEMPLATE, { parameters: { Greeting: 'Hi' } });
  assert.equal((await greet(stack.url())).greeting, 'Hi');
  await postern.reset('deployed');
  assert.deepEqual(await greet(stack.url()), { greeting: 'Hello', calls: 1 });
});

test('a stack that was deployed after the point is gone, and can be deployed again', async () => {
  const first = await postern.deploy(TEMPLATE);
  await postern.reset();
  assert.equal((await fetch(`${first.url()}/greet`)).status, 403);
  const second = await postern.deploy(TEMPLATE);
  assert.equal((await greet(second.url())).greeting, 'Hello');
});

test('a template may be an object', async () => {
  const stack = await postern.deploy(SOCKETS);
  assert.equal(stack.stackName, 'test');
  assert.equal(stack.url('Chat'), postern.wsUrl(stack.apis[0]!.apiId, 'live'));
  const socket = new WebSocket(stack.url('Chat', 'live'));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.terminate();
});

test('of an assembly a stack is deployed with those that it depends on', async () => {
  const artifact = (templateFile: string, dependencies: readonly string[] = []) => ({
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/unknown-region',
    properties: { templateFile },
    dependencies,
  });
  const manifest = {
    version: '55.0.0',
    artifacts: {
      Base: artifact('base.json'),
      Pets: artifact('pets.json', ['Base']),
      Other: artifact('none.json'),
    },
  };
  const base = {
    Resources: { Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'a', ProtocolType: 'HTTP' } } },
    Outputs: { Id: { Value: { Ref: 'Api' }, Export: { Name: 'base-api' } } },
  };
  const pets = {
    Resources: {
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: { 'Fn::ImportValue': 'base-api' }, StageName: 'prod' },
      },
    },
    Outputs: { Api: { Value: { 'Fn::ImportValue': 'base-api' } } },
  };
  for (const [name, content] of Object.entries({ manifest, base, pets })) {
    file(`${name}.json`, JSON.stringify(content));
  }
  const stack = await postern.deploy(directory, { stack: 'Pets' });
  assert.equal(stack.stackName, 'Pets');
  assert.match(stack.outputs.Api!, /^[a-z0-9]{10}$/);
});

test('what is wrong is said with its place, all of it, and nothing is deployed', async () => {
  const wrong = {
    Resources: { Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Nmae: 'x', ProtocolType: 'HTTP' } } },
  };
  await assert.rejects(postern.deploy(wrong), ({ message }: Error) => {
    assert.match(message, /^The stack test is not deployed:\ntemplate:\d+:\d+ Api: /);
    assert.match(message, /Nmae/);
    return true;
  });
  await assert.rejects(postern.deploy(join(directory, 'none.yaml')), {
    message: /none\.yaml does not exist\.$/,
  });
  await assert.rejects(postern.deploy(TEMPLATE, { parameters: { Gretting: 'x' } }), { message: /Gretting/ });
  const stack = await postern.deploy(TEMPLATE);
  assert.throws(() => stack.url('Other'), {
    message: /^The stack \S+ has no stage Other: it has Api \$default\.$/,
  });
});

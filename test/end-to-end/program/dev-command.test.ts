// `postern dev` as a process (spec/definitions.md §12): what is saved is what the next call meets, and nothing is left behind.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { killPrograms, Program } from '../../support/program.ts';

const template = (path: string, more = ''): string => `
Transform: AWS::Serverless-2016-10-31
Parameters: { Who: { Type: String, Default: nobody } }
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: hello.handler
      CodeUri: src
      Environment: { Variables: { WHO: !Ref Who } }
      Events:
        Get: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: ${path}, Method: get } }
  Api:
    Type: AWS::Serverless::HttpApi
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Fixed:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Fn::Transform: { Name: AWS::Include, Parameters: { Location: fixed.yaml } }
  Deployment:
    Type: AWS::ApiGatewayV2::Deployment
    Properties: { ApiId: !Ref Fixed }
  Prod:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Fixed, StageName: prod, DeploymentId: !Ref Deployment }
${more}`;

const FIXED = (path: string): string => `
Name: fixed
ProtocolType: HTTP
Body:
  openapi: 3.0.1
  info: { title: fixed, version: '1' }
  paths:
    ${path}:
      get:
        x-amazon-apigateway-integration:
          { type: http_proxy, httpMethod: GET, uri: 'http://127.0.0.1:9/', payloadFormatVersion: '1.0' }
`;

const code = (text: string): string =>
  `export const handler = async () => { console.log('said ${text}'); return '${text} ' + process.env.WHO + ' ' + process.pid; };`;

describe('postern dev', () => {
  let directory: string;
  let program: Program;
  let hello: string;
  const save = (name: string, text: string) => writeFile(join(directory, name), text);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-dev-'));
    await mkdir(join(directory, 'src'));
    await save('src/hello.mjs', code('one'));
    await save('fixed.yaml', FIXED('/a'));
    await save('template.yaml', template('/hello', 'Broken: 1'));
    program = new Program(['dev', '--listen', '127.0.0.1:0', '--stack-name', 'pets'], { cwd: directory });
  });
  after(async () => {
    killPrograms();
    await rm(directory, { recursive: true });
  });

  /** What answers with this, once it does. */
  const answer = async (url: string, expected: RegExp): Promise<string> => {
    for (let text = ''; ; await sleep(20)) {
      const response = await fetch(url).catch(() => undefined);
      text = (await response?.text()) ?? '';
      if (expected.test(text)) return text;
    }
  };

  test('a definition that is wrong is told, and waited for (§12.2)', async () => {
    assert.match(await program.line('Broken'), /^error {4}template\.yaml:\d+:\d+ {2}/);
    await save('template.yaml', template('/hello'));
    await program.line('Hello (src/hello.mjs)');
  });

  test('each route has a line with its address and what it leads to, each WebSocket API its address (§12.1)', async () => {
    const line = await program.line('Hello (src/hello.mjs)');
    const [, url] = /^ {2}GET +(http:\/\/\S+\/hello) +→ Hello \(src\/hello\.mjs\)$/.exec(line)!;
    hello = url!;
    assert.match(await answer(hello, /one/), /^one nobody \d+$/);
    assert.match(await program.line('/prod/a'), /^ {2}GET +http:\S+\/prod\/a +→ http:\/\/127\.0\.0\.1:9\/$/);
  });

  test('functions and requests share one readable stream (§12.1)', async () => {
    assert.match(await program.line('said one'), /^pets-Hello-\w+ │ said one$/);
    assert.match(await program.line('GET  /hello'), /^\d\d:\d\d:\d\d 200 {3}GET {2}\/hello [\d.]+ ms /);
  });

  test('a function that is saved is what the next call meets', async () => {
    await save('src/hello.mjs', code('two'));
    await answer(hello, /^two nobody/);
  });

  test('a template that is saved is deployed, and says what it changed', async () => {
    await save('template.yaml', template('/hey'));
    hello = hello.replace('/hello', '/hey');
    await answer(hello, /^two/);
    assert.match(await program.line('~ Api'), /AWS::ApiGatewayV2::Api/);
    assert.match(await program.line('1 changed'), /; 1 function$/);
  });

  test('samconfig.toml that comes to be counts (§12.2)', async () => {
    await save('samconfig.toml', '[default.deploy.parameters]\nparameter_overrides = "Who=you"\n');
    await answer(hello, /^two you/);
  });

  test('what the template names is watched, and stages without AutoDeploy follow (§12.2, §12.3)', async () => {
    await save('fixed.yaml', FIXED('/b'));
    await program.line('/prod/b');
    await program.line('-/+ Deployment');
  });

  test('a deploy that fails leaves what ran (§12.2)', async () => {
    await save('template.yaml', 'Resources: [');
    await program.line('YAML not well-formed');
    await answer(hello, /^two you/);
    await save('template.yaml', template('/again'));
    hello = hello.replace('/hey', '/again');
    await answer(hello, /^two you/);
  });

  test('a server that runs on the data directory is used (§12.1)', async () => {
    const address = /http:\S+/.exec(program.lines[0]!)![0];
    const { host } = new URL(address);
    const other = new Program(['dev', '--listen', host, '--stack-name', 'pets'], { cwd: directory });
    assert.match(await other.line('Postern'), /runs already, and is used/);
    await other.line('→ Hello (src/hello.mjs)');
    assert.equal((await other.stop('SIGINT')).code, 0);
    await answer(hello, /^two you/);
  });

  test('Ctrl-C ends all of it, and the next start has the same addresses (§12.1)', async () => {
    const pid = Number((await answer(hello, /^two/)).split(' ')[2]);
    const { code, stderr } = await program.stop('SIGINT');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.throws(() => kill(pid, 0), { code: 'ESRCH' });
    const again = new Program(['dev', 'template.yaml', '--listen', '127.0.0.1:0', '--stack-name', 'pets'], {
      cwd: directory,
    });
    const line = await again.line('→ Hello (src/hello.mjs)');
    assert.equal(/\/\w+\/again/.exec(line)![0], /\/\w+\/again/.exec(hello)![0]);
    assert.equal((await again.stop('SIGTERM')).code, 0);
  });
});

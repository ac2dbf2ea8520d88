// What the report says of functions and of resources that Postern does not make (spec/definitions.md §6, §7).
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EVERY_STACK, type StackSettings } from '../../../definitions/stack-settings.ts';
import { locateCode } from '../../../functions/code/locate-code.ts';
import { parseConfig } from '../../../settings/config-file.ts';
import { StackStand } from '../stacks.test.support.ts';
import type { StackSurroundings } from './stack-findings.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-findings-'));
  for (const name of ['code', 'layer/nodejs/node_modules'])
    await mkdir(join(directory, name), { recursive: true });
  for (const name of ['code/app.js', 'resize.js']) await writeFile(join(directory, name), '');
});
after(() => rm(directory, { recursive: true }));

const MAJOR = process.versions.node.split('.')[0];
const FN = `Runtime: nodejs${MAJOR}.x, Handler: index.handler, Code: {ZipFile: x}`;

/** A route that calls `Fn`, which `Allowed` lets it. */
const BASE = `
  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: pets, ProtocolType: HTTP}}
  Stage: {Type: 'AWS::ApiGatewayV2::Stage', Properties: {ApiId: !Ref Api, StageName: prod}}
  Int: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn, PayloadFormatVersion: 2.0}}
  R: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: 'GET /p/{id}', Target: !Sub 'integrations/\${Int}'}}
`;
const ALLOWED = `
  Allowed: {Type: 'AWS::Lambda::Permission', Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref Fn, Principal: apigateway.amazonaws.com, SourceArn: !Sub 'arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/GET/p/*'}}
`;

interface Row {
  readonly what: string;
  /** Properties of Fn in braces; none: there is no Fn, nor what leads to it. */
  readonly fn?: string;
  /** More resources. */
  readonly more?: string;
  /** The section `stacks` has this for the stack. */
  readonly settings?: string;
  readonly around?: Partial<StackSurroundings>;
  readonly notAllowed?: true;
  readonly variables?: { readonly [name: string]: { readonly [name: string]: string } };
  /** Beginnings of findings, all of them but the line of what has no effect; in any order. */
  readonly says: readonly string[];
  /** The whole line of what has no effect here, without its beginning. */
  readonly without?: string;
}

const REST_LINK = `L: {Type: 'AWS::ApiGateway::VpcLink', Properties: {Name: l, TargetArns: [a]}}
  Ws: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: w, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}
  I: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Ws, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'http://b.example', ConnectionType: VPC_LINK, ConnectionId: !Ref L}}`;

/** Names a function by its ARN. */
const STRANGE = `Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: a, ProtocolType: HTTP}}
  I: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:nope', PayloadFormatVersion: 2.0}}
  R: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: 'GET /a', Target: !Sub 'integrations/\${I}'}}
  L: {Type: 'AWS::ApiGatewayV2::Authorizer', Properties: {ApiId: !Ref Api, AuthorizerType: REQUEST, Name: l, IdentitySource: [$request.header.Authorization], AuthorizerPayloadFormatVersion: 2.0, AuthorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:nope/invocations'}}`;

const ROWS: readonly Row[] = [
  { what: 'nothing, where all is well', fn: FN, says: [] },
  // §7.1.2
  {
    what: 'functions that no stack has, and nobody answers for',
    more: STRANGE,
    says: [
      'warning arn:aws:lambda:us-east-1:000000000000:function:nope is not here: GET /a, authorizer l will answer 500 until functions of postern.yaml names code for it, or lambda.functions an endpoint',
    ],
  },
  {
    what: 'nothing of those that somebody answers for',
    more: STRANGE,
    around: { answers: () => 'functions' },
    says: [],
  },
  // §6.2
  {
    what: 'a queue that is reached',
    fn: `${FN}, Environment: {Variables: {Q: !Ref Q}}`,
    more: 'Q: {Type: AWS::SQS::Queue}',
    says: ['warning Q (AWS::SQS::Queue) is only a name here: set AWS_ENDPOINT_URL_SQS'],
  },
  {
    what: 'a queue that is served',
    fn: `${FN}, Environment: {Variables: {Q: !Ref Q}}`,
    more: 'Q: {Type: AWS::SQS::Queue}',
    around: { serves: (name) => name === 'SQS' },
    says: ['note 1 resource is only a name here: AWS::SQS::Queue (Q)'],
  },
  {
    what: 'a queue that settings name',
    fn: `${FN}, Environment: {Variables: {Q: !Ref Q}}`,
    more: 'Q: {Type: AWS::SQS::Queue}',
    settings: 'resources: {Q: {ref: "https://sqs.eu-west-1.amazonaws.com/1/q"}}',
    says: ['note 1 resource is only a name here'],
  },
  {
    what: 'a queue that nobody reaches',
    fn: FN,
    more: 'Q: {Type: AWS::SQS::Queue}',
    says: [],
    without: 'AWS::SQS::Queue (Q)',
  },
  {
    what: 'a queue that a role leads to',
    fn: `${FN}, Role: !GetAtt Role.Arn`,
    more: 'Role: {Type: AWS::IAM::Role, Properties: {Policies: [{Resource: !GetAtt Q.Arn}]}}\n  Q: {Type: AWS::SQS::Queue}',
    says: ['warning Q (AWS::SQS::Queue) is only a name'],
    without: 'AWS::IAM::Role (Role)',
  },
  {
    what: 'a role for something else',
    fn: `${FN}, Tags: [{Key: k, Value: !GetAtt Q.Arn}]`,
    more: 'Q: {Type: AWS::SQS::Queue}',
    says: ['note Tags of functions has no effect here: Fn'],
    without: 'AWS::SQS::Queue (Q)',
  },
  {
    what: 'a listener (row 29)',
    more: "L: {Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: {LoadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/x/0123456789abcdef'}}\n  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: a, ProtocolType: HTTP}}\n  V: {Type: 'AWS::ApiGatewayV2::VpcLink', Properties: {Name: v, SubnetIds: [s]}}\n  Int: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, ConnectionType: VPC_LINK, ConnectionId: !Ref V, IntegrationUri: !Ref L, PayloadFormatVersion: 1.0}}",
    says: [
      'warning L (AWS::ElasticLoadBalancingV2::Listener) leads nowhere here: name arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/x/0123456789abcdef/',
    ],
  },
  {
    what: 'a REST API',
    fn: FN,
    more: 'Rest: {Type: AWS::ApiGateway::RestApi}',
    says: ['warning Rest (AWS::ApiGateway::RestApi): REST APIs are not served'],
  },
  {
    what: 'a filter',
    fn: FN,
    more: 'W: {Type: AWS::WAFv2::WebACLAssociation}',
    says: ['warning W (AWS::WAFv2::WebACLAssociation): nothing is filtered here'],
  },
  {
    what: 'a custom resource that is reached',
    fn: `${FN}, Environment: {Variables: {C: !Ref C}}`,
    more: 'C: {Type: Custom::Thing}',
    says: ['warning C (Custom::Thing): custom resources are never run'],
  },
  {
    what: 'a custom resource that is not',
    fn: FN,
    more: 'C: {Type: Custom::Thing}',
    says: [],
    without: 'Custom::Thing (C)',
  },
  {
    what: 'keys',
    fn: FN,
    more: 'K: {Type: AWS::ApiGateway::ApiKey}',
    says: [
      'note 1 resource is without effect here, because keys of WebSocket APIs are those of apiKeys of postern.yaml: AWS::ApiGateway::ApiKey (K)',
    ],
  },
  {
    what: 'types together, with counts',
    fn: FN,
    more: 'A: {Type: AWS::IAM::Role}\n  B: {Type: AWS::IAM::Role}\n  M: {Type: AWS::CDK::Metadata}',
    says: [],
    without: 'AWS::IAM::Role (2: A, B), AWS::CDK::Metadata (M)',
  },
  // §6.3
  {
    what: 'a pool that nobody issues for (row 19)',
    more: JWT(),
    says: [
      'warning j trusts https://cognito-idp.us-east-1.amazonaws.com/us-east-1_',
      'note 1 resource is only a name here',
    ],
  },
  {
    what: 'an issuer that settings name',
    more: JWT(),
    around: { namesIssuer: () => true },
    says: ['note 1 resource is only a name here'],
  },
  {
    what: 'a pool that settings name',
    more: JWT(),
    settings: 'resources: {Pool: {ref: us-east-1_AbCdEfGhI}}',
    says: ['note 1 resource is only a name here'],
  },
  {
    what: 'a pool of another region',
    more: JWT(),
    settings: 'resources: {Pool: {ref: eu-west-1_AbCdEfGhI}}',
    says: [
      'warning Pool is the pool eu-west-1_AbCdEfGhI of eu-west-1, and the stack is in us-east-1',
      'note 1 resource is only a name here',
    ],
  },
  // §6.4
  {
    what: 'an unknown type (row 35)',
    fn: FN,
    more: 'W: {Type: AWS::Foo::Bar}',
    says: ['note AWS::Foo::Bar (W) is not part of Postern; nothing refers to it'],
  },
  {
    what: 'an attribute of an unknown type in an environment (row 36)',
    fn: `${FN}, Environment: {Variables: {U: !GetAtt W.Url, V: v}}`,
    more: 'W: {Type: AWS::Foo::Bar}',
    says: [
      'warning Fn: the variable U is not set: it needs W.Url, which is not known here: AWS::Foo::Bar is not part of Postern. Say it under stacks.pets.resources.W.attributes.Url of postern.yaml.',
      'note AWS::Foo::Bar (W) is not part of Postern; Fn refers to it',
    ],
  },
  {
    what: 'the same, said',
    fn: `${FN}, Environment: {Variables: {U: !GetAtt W.Url}}`,
    more: 'W: {Type: AWS::Foo::Bar}',
    settings: 'resources: {W: {attributes: {Url: x}}}',
    says: ['note 1 resource is only a name here'],
  },
  {
    what: 'an attribute in an integration (row 30)',
    more: "Cluster: {Type: AWS::RDS::DBCluster}\n  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: a, ProtocolType: HTTP}}\n  Int: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: !GetAtt Cluster.Endpoint.Address, PayloadFormatVersion: 1.0}}",
    says: [
      'error IntegrationUri needs Cluster.Endpoint.Address, which is not known here: AWS::RDS::DBCluster is not part of Postern. Say it under stacks.pets.resources.Cluster.attributes.Endpoint.Address of postern.yaml.',
    ],
  },
  // §7.1, §7.2
  {
    what: 'a runtime that is not here (row 87)',
    fn: 'Runtime: java21, Handler: a.B, Code: {ZipFile: x}',
    says: [
      'warning Fn: the runtime java21 does not run here. GET /p/{id} will answer 500 until stacks.pets.functions.Fn of postern.yaml names code that answers, or lambda.functions an endpoint.',
    ],
  },
  {
    what: 'the same, with code of settings',
    fn: 'Runtime: java21, Handler: a.B, Code: {ZipFile: x}',
    settings: 'functions: {Fn: {file: resize.js}}',
    says: [],
  },
  {
    what: 'the same, behind an endpoint',
    fn: 'Runtime: java21, Handler: a.B, Code: {ZipFile: x}',
    around: { answers: () => 'lambda' },
    says: [],
  },
  {
    what: 'functions of settings',
    fn: FN,
    around: { answers: () => 'functions' },
    says: ['note Fn: functions of postern.yaml answers for pets-Fn-'],
  },
  {
    what: 'a runtime that is not here, and nobody calls',
    more: 'F: {Type: AWS::Lambda::Function, Properties: {Runtime: java21, Code: {ZipFile: x}}}',
    says: ['note F: the runtime java21 does not run here. Calls of it fail until'],
  },
  {
    what: 'an image',
    fn: 'PackageType: Image, Code: {ImageUri: x}',
    says: ['warning Fn: its code is a container image. GET'],
  },
  {
    what: 'an object nobody has',
    fn: 'Runtime: nodejs20.x, Code: {S3Bucket: b, S3Key: k.zip}',
    says: ['warning Fn: its Code is s3://b/k.zip. GET'],
  },
  {
    what: 'an object in a bucket that a custom resource fills',
    fn: `Runtime: nodejs${MAJOR}.x, Handler: app.handler, Code: {S3Bucket: !GetAtt Zip.Bucket, S3Key: k.zip}`,
    more: 'Zip: {Type: Custom::Zip, Properties: {ServiceToken: x}}',
    says: ['warning Fn: its Code needs Zip.Bucket, which is not known here. GET'],
    without: 'Custom::Zip (Zip)',
  },
  {
    what: 'an object that settings have',
    fn: `Runtime: nodejs${MAJOR}.x, Handler: app.handler, Code: {S3Bucket: b, S3Key: code}`,
    settings: 's3: {"s3://b": .}',
    says: [],
  },
  {
    what: 'a handler of no file',
    fn: `Runtime: nodejs${MAJOR}.x, Handler: nope.handler, Code: code`,
    says: ['error Fn: Handler nope.handler leads to no file: in '],
  },
  {
    what: 'a handler of no file that nobody calls',
    more: 'F: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs20.x, Handler: nope.handler, Code: code}}',
    says: ['note F: Handler nope.handler leads to no file'],
  },
  {
    what: 'nothing built',
    fn: 'Runtime: provided.al2023, Handler: x, Code: code',
    says: ['warning Build first: sam build, then postern deploy. Fn: there is no bootstrap in '],
  },
  {
    what: 'no code at all',
    fn: 'Runtime: nodejs20.x',
    says: [
      'error Properties validation failed for resource Fn with message:\n#: required key [Code] not found',
    ],
  },
  // §7.3
  {
    what: 'another version',
    fn: 'Runtime: nodejs14.x, Handler: index.handler, Code: {ZipFile: x}',
    says: [`note Runtime nodejs14.x runs in Node.js ${MAJOR} here: Fn`],
  },
  {
    what: 'properties without effect',
    fn: `${FN}, Description: d, VpcConfig: {SubnetIds: [a]}`,
    says: [
      'note Description of functions has no effect here: Fn',
      'note VpcConfig of functions has no effect here: Fn',
    ],
  },
  {
    what: 'no concurrency',
    fn: `${FN}, ReservedConcurrentExecutions: 0`,
    says: ['warning Fn: ReservedConcurrentExecutions is 0, so on AWS every call would be throttled'],
  },
  {
    what: 'reserved names',
    fn: `${FN}, Environment: {Variables: {AWS_REGION: x, OK: y}}`,
    says: [
      'error Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION',
    ],
  },
  {
    what: 'a name that is none',
    fn: `${FN}, Environment: {Variables: {__proto__: x}}`,
    says: ['error Names of environment variables are letters, digits and _, a letter first: __proto__'],
  },
  {
    what: 'a value that is none',
    fn: `${FN}, Environment: {Variables: {A: [x]}}`,
    says: [
      'error Properties validation failed for resource Fn with message:\n#/Environment/Variables/A: expected type: String, found: JSONArray',
    ],
  },
  {
    what: 'a time-out that is none',
    fn: `${FN}, Timeout: 901`,
    says: [
      'error Properties validation failed for resource Fn with message:\n#/Timeout: failed validation constraint for keyword [maximum]',
    ],
  },
  {
    what: 'a name that no function has',
    fn: `${FN}, FunctionName: 'a b'`,
    says: ['error FunctionName is at most 64 letters, digits, - and _: a b'],
  },
  // §7.5
  {
    what: 'a layer in a bucket that a custom resource fills',
    fn: `${FN}, Layers: [!Ref Filled]`,
    more: [
      'Filled: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: !GetAtt Zip.Bucket, S3Key: k}}}',
      'Zip: {Type: Custom::Zip, Properties: {ServiceToken: x}}',
    ].join('\n  '),
    says: [
      'warning Fn: layers are not mounted at /opt here: Filled',
      'warning Zip (Custom::Zip): custom resources are never run',
      'note 1 resource is only a name here',
    ],
  },
  {
    what: 'layers',
    fn: `${FN}, Layers: [!Ref Local, !Sub 'arn:aws:lambda:\${AWS::Region}:1:layer:x:1']`,
    more: 'Local: {Type: AWS::Lambda::LayerVersion, Properties: {Content: layer}}',
    says: [
      'warning Fn: layers are not mounted at /opt here: arn:aws:lambda:us-east-1:1:layer:x:1',
      'note Fn: packages of Local are on NODE_PATH',
      'note 1 resource is only a name here',
    ],
  },
  // §7.6
  {
    what: 'no permission',
    fn: FN,
    notAllowed: true,
    says: ['note on AWS GET /p/{id} would answer 500: nothing permits API Gateway to call Fn'],
  },
  {
    what: 'a permission of another API',
    fn: FN,
    notAllowed: true,
    more: "P: {Type: 'AWS::Lambda::Permission', Properties: {Action: 'lambda:*', FunctionName: !Ref Fn, Principal: apigateway.amazonaws.com, SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:other/*'}}",
    says: ['note on AWS GET /p/{id} would answer 500'],
    without: 'AWS::Lambda::Permission (P)',
  },
  {
    what: 'a permission for another method',
    fn: FN,
    notAllowed: true,
    more: "P: {Type: 'AWS::Lambda::Permission', Properties: {Action: 'lambda:InvokeFunction', FunctionName: !GetAtt Fn.Arn, Principal: apigateway.amazonaws.com, SourceArn: !Sub 'arn:aws:execute-api:us-east-1:000000000000:${Api}/*/POST/p/*'}}",
    says: ['note on AWS GET /p/{id} would answer 500'],
    without: 'AWS::Lambda::Permission (P)',
  },
  {
    what: 'a permission for everything',
    fn: FN,
    notAllowed: true,
    more: "P: {Type: 'AWS::Lambda::Permission', Properties: {Action: 'lambda:InvokeFunction', FunctionName: !GetAtt Fn.Arn, Principal: apigateway.amazonaws.com}}",
    says: [],
    without: 'AWS::Lambda::Permission (P)',
  },
  // §7.7
  {
    what: 'names in the real account',
    fn: FN,
    more: 'T: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}',
    around: { reachesAws: true },
    says: [
      'note Functions have AWS credentials and no AWS_ENDPOINT_URL, and the template gives names: AWS::DynamoDB::Table (T).',
    ],
    without: 'AWS::DynamoDB::Table (T)',
  },
  // §7.8
  {
    what: 'events of others',
    fn: FN,
    more: 'E: {Type: AWS::Events::Rule, Properties: {Targets: [{Arn: !GetAtt Fn.Arn, Id: x}]}}',
    says: [
      'note Fn: nothing here sends it the events of E (AWS::Events::Rule)',
      'note AWS::Events::Rule (E) is not part of Postern',
    ],
  },
  {
    what: 'a link of REST APIs that no private target is named by',
    more: REST_LINK,
    says: ['warning L (AWS::ApiGateway::VpcLink) leads nowhere here: name vpclink/'],
  },
  {
    what: 'a link of REST APIs that a private target is named by',
    more: REST_LINK,
    around: { namesPrivateTarget: (name) => /^vpclink\/[a-z0-9]{6}$/.test(name) },
    says: [],
  },
  // §12.5
  {
    what: 'variables that the template lacks',
    fn: `${FN}, Environment: {Variables: {A: a}}`,
    variables: { Fn: { A: 'b', B: 'c' } },
    says: ['note B of --env-vars is a variable that the template does not have'],
  },
];

function JWT(): string {
  return `Pool: {Type: AWS::Cognito::UserPool}
  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: a, ProtocolType: HTTP}}
  J: {Type: 'AWS::ApiGatewayV2::Authorizer', Properties: {ApiId: !Ref Api, AuthorizerType: JWT, Name: j, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Audience: [a], Issuer: !Sub 'https://cognito-idp.\${AWS::Region}.amazonaws.com/\${Pool}'}}}`;
}

const WITHOUT = /^note \d+ resources? (?:has|have) no effect here: /;

for (const { what, fn, more = '', settings, around, notAllowed, variables, says, without = '' } of ROWS) {
  test(`the report says of a stack: ${what}`, async (t) => {
    const stand = await StackStand.open(t, {
      outside: { locateCode: (source) => locateCode(source, join(directory, 'data')) },
      stacks: stacksOf(settings),
      surroundings: {
        namesIssuer: () => false,
        namesPrivateTarget: () => false,
        serves: () => false,
        answers: () => undefined,
        reachesAws: false,
        ...around,
      },
    });
    const called =
      fn === undefined
        ? ''
        : `${BASE}${notAllowed ? '' : ALLOWED}  Fn: {Type: 'AWS::Lambda::Function', Properties: {${fn}}}`;
    const { findings } = await stand.report({
      template: `Resources:${called}\n  ${more}\n`,
      directory,
      ...(variables && { variables }),
    });
    const lines = findings.map(({ severity, text }) => `${severity} ${text}`);
    const others = lines.filter((line) => !WITHOUT.test(line));
    assert.equal(others.length, says.length, others.join('\n'));
    for (const said of says)
      assert.ok(
        others.some((line) => line.startsWith(said)),
        `${said}\n${others.join('\n')}`,
      );
    const expected = without.split(', AWS').join(', AWS');
    const found = lines.find((line) => WITHOUT.test(line))?.replace(WITHOUT, '') ?? '';
    const isRefused = findings.some(({ severity }) => severity === 'error');
    const isCutShort = isRefused && found === '';
    const own = fn === undefined || notAllowed || isCutShort ? [] : ['AWS::Lambda::Permission (Allowed)'];
    assert.deepEqual(new Set(parts(found)), new Set([...own, ...parts(expected)]));
  });
}

/** `A (1: x, y), B (z)` in its parts. */
function parts(text: string): readonly string[] {
  return text.match(/\S+ \([^)]*\)/g) ?? [];
}

function stacksOf(settings: string | undefined): ReadonlyMap<string, StackSettings> {
  if (settings === undefined) return new Map();
  return parseConfig(`stacks:\n  "${EVERY_STACK}": {${settings}}\n`, 'postern.yaml', directory).sections
    .stacks;
}

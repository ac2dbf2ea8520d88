// What templates of `../shared/corpus/patterns` need of elsewhere, each with the reason, and those that are refused.
import type { StackSettings } from '../../src/definitions/stack-settings.ts';
import { LISTENER, type Pattern, TRUSTSTORE } from '../support/pattern-stand.ts';

type Means = Omit<Pattern, 'name' | 'text'>;

/** Domains have one. */
const CERTIFICATE = 'arn:aws:acm:us-east-1:000000000000:certificate/a';

export const EVENTS_DOMAIN = 'dev-events.example.com';

/** `apiId` is that of an API that is there already. */
export function meansOf(name: string, apiId: string): Means {
  const means: Readonly<Record<string, Means>> = {
    // The document is not in the corpus: what its README says of it.
    'api-sqs-lambda-python': { files: { 'api.yaml': sqsDocument('MyHttpApiRole', 'MySqsQueue') } },
    'apigw-sqs-lambda-java': { files: { 'api.yaml': sqsDocument('MyHttpApiRole', 'MySqsQueue') } },
    'apigw-rest-vpclink-pvt-alb-sam': { files: { 'api.yaml': 'openapi: 3.0.1\npaths: {}\n' } },
    // The API is made by another stack.
    'apigw-custom-domain-regional': {
      parameters: {
        DomainName: 'regional.example.com',
        CertificateArn: CERTIFICATE,
        ApiId: apiId,
        Stage: '$default',
      },
    },
    // It maps a REST API, in whose place another stands.
    'apigw-route53-failover': {
      parameters: {
        DomainName: 'failover.example.com',
        ZoneId: 'Z0123',
        CertArn: CERTIFICATE,
        Priority: 'PRIMARY',
      },
      settings: { resources: new Map([['RestApiGateway', { ref: apiId, attributes: new Map() }]]) },
    },
    // The authorities of its clients.
    'apigw-mutualtls-lambda': { parameters: { CertArn: CERTIFICATE, S3TruststoreURI: TRUSTSTORE } },
    // Its API is reached by a domain alone, which somebody else has made.
    'apigw-eventbridge': { domain: `${EVENTS_DOMAIN}/apigw2eb` },
    // The user name of a database.
    'apigw-http-api-lambda-rds-proxy-java': {
      parameters: { SecretArn: 'db' },
      settings: { secrets: new Map([['db', '{"username":"somebody"}']]) },
    },
    // Something must answer for the load balancer.
    'apigw-vpclink-pvt-alb': {
      settings: { resources: new Map([['LoadBalancerListener', { ref: LISTENER, attributes: new Map() }]]) },
    },
    // Its template with the pool is not in the corpus.
    'cognito-httpapi': { files: { 'auth.yaml': AUTH } },
    // Types that came after Postern.
    'lambda-microvms-multi-tenant-ai-agents': { settings: MICROVMS },
    // What its model wants.
    'apigw-websocket-api-sns': { message: ORDER },
  };
  return means[name] ?? {};
}

/** What the sentence is that they are refused with, and why. */
export const REFUSED: Readonly<Record<string, readonly [text: RegExp, why: string]>> = {
  'cloudfront-apigw-http-api-lambda-rust': [
    /the key "Name" is there twice/,
    'a key is there twice (Choice D12)',
  ],
  'sam-webapp-cognito': [/the key "Name" is there twice/, 'a key is there twice (Choice D12)'],
  'apigw-mutualtls-lambda': [
    /Invalid template property or properties \[Globals\]/,
    'it has types of AWS SAM without the Transform: AWS refuses it too (§2.2.1, §2.2.5)',
  ],
};

/** How they become templates that AWS takes: a text, and what stands for it. */
export const AMENDED: Readonly<Record<keyof typeof REFUSED, readonly [text: RegExp, instead: string]>> = {
  'cloudfront-apigw-http-api-lambda-rust': [/^ +Name: !Ref AWS::StackName\n(?= +DefaultTTL)/m, ''],
  'sam-webapp-cognito': [/^ +Name: !Ref AWS::StackName\n(?= +DefaultTTL)/m, ''],
  'apigw-mutualtls-lambda': [/^Globals:/m, 'Transform: AWS::Serverless-2016-10-31\nGlobals:'],
};

function sqsDocument(role: string, queue: string): string {
  return `openapi: 3.0.1
info: { title: queue, version: '1.0' }
paths:
  /submit:
    post:
      responses: { default: { description: sent } }
      x-amazon-apigateway-integration:
        integrationSubtype: SQS-SendMessage
        credentials: { Fn::GetAtt: [${role}, Arn] }
        requestParameters: { MessageBody: $request.body.MessageBody, QueueUrl: { Ref: ${queue} } }
        payloadFormatVersion: '1.0'
        type: aws_proxy
        connectionType: INTERNET
`;
}

const AUTH = `Parameters: { ClientDomain: { Type: String }, Postman: { Type: String } }
Resources:
  Pool: { Type: AWS::Cognito::UserPool }
  Client: { Type: AWS::Cognito::UserPoolClient, Properties: { UserPoolId: !Ref Pool } }
Outputs:
  Issuer: { Value: !Sub 'https://cognito-idp.\${AWS::Region}.amazonaws.com/\${Pool}' }
  UserPoolClientId: { Value: !Ref Client }
  AuthUrl: { Value: https://auth.example }
`;

const MICROVMS: Partial<StackSettings<never>> = {
  resources: new Map([
    ['EgressConnector', { ref: undefined, attributes: new Map([['Arn', 'arn:aws:lambda:x']]) }],
    [
      'MicrovmImage',
      {
        ref: undefined,
        attributes: new Map([
          ['ImageArn', 'arn:aws:lambda:y'],
          ['LatestActiveImageVersion', '1'],
        ]),
      },
    ],
  ]),
};

const ORDER = { Name: 'n', SirName: 's', Number: '1' };

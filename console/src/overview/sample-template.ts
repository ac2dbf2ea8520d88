// The sample: one function, two routes to it, and a mapping of its response.

export const SAMPLE_STACK = 'hello';

/** CloudFormation. The function answers with what it was told; the integration turns its status and adds a header. */
export const SAMPLE_TEMPLATE = JSON.stringify(
  {
    Description: 'A function behind an HTTP API, with a mapping of its response',
    Resources: {
      Hello: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'hello', ProtocolType: 'HTTP' } },
      Greet: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/hello' },
          Code: {
            ZipFile: [
              'exports.handler = async (event) => {',
              "  const name = event.pathParameters?.name ?? 'world';",
              "  if (name === 'nobody') return { statusCode: 404, body: 'There is nobody here.' };",
              '  return { message: `Hello, ${name}!`, stage: event.requestContext.stage };',
              '};',
              '',
            ].join('\n'),
          },
        },
      },
      ToGreet: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Hello' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['Greet', 'Arn'] },
          PayloadFormatVersion: '2.0',
          ResponseParameters: {
            200: {
              ResponseParameters: [
                { Destination: 'append:header.x-route', Source: '$context.routeKey' },
                { Destination: 'append:header.x-environment', Source: '$stageVariables.environment' },
              ],
            },
            404: { ResponseParameters: [{ Destination: 'overwrite:statuscode', Source: '410' }] },
          },
        },
      },
      Anybody: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Hello' },
          RouteKey: 'GET /hello',
          Target: { 'Fn::Sub': 'integrations/${ToGreet}' },
        },
      },
      Somebody: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Hello' },
          RouteKey: 'GET /hello/{name}',
          Target: { 'Fn::Sub': 'integrations/${ToGreet}' },
        },
      },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: {
          ApiId: { Ref: 'Hello' },
          StageName: 'dev',
          AutoDeploy: true,
          StageVariables: { environment: 'blue' },
        },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: { Ref: 'Greet' },
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
        },
      },
    },
  },
  null,
  2,
);

// An HTTP API with an authorizer and a mapping, and a WebSocket API whose function posts back to the client.
import { fileURLToPath } from 'node:url';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import {
  HttpApi,
  HttpMethod,
  MappingValue,
  ParameterMapping,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';

export class PetsStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const code = Code.fromAsset(fileURLToPath(new URL('src', import.meta.url)));
    const functionOf = (name) =>
      new LambdaFunction(this, name, {
        runtime: Runtime.NODEJS_22_X,
        handler: `${name.toLowerCase()}.handler`,
        code,
      });

    const list = functionOf('List');
    const authorizer = new HttpLambdaAuthorizer('ByKey', functionOf('Gate'), {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.X-Key'],
    });
    const api = new HttpApi(this, 'Api');
    api.addRoutes({
      path: '/pets/{name}',
      methods: [HttpMethod.GET],
      integration: new HttpLambdaIntegration('ListPets', list, {
        parameterMapping: new ParameterMapping().overwriteHeader(
          'x-pet',
          MappingValue.requestPathParam('name'),
        ),
      }),
      authorizer,
    });

    const chat = functionOf('Chat');
    const socket = new WebSocketApi(this, 'Socket', {
      defaultRouteOptions: { integration: new WebSocketLambdaIntegration('Echo', chat) },
    });
    const stage = new WebSocketStage(this, 'Dev', {
      webSocketApi: socket,
      stageName: 'dev',
      autoDeploy: true,
    });
    // An address of AWS, until Postern makes it one of this machine.
    chat.addEnvironment('CALLBACK', stage.callbackUrl);

    new CfnOutput(this, 'Url', { value: api.url });
    new CfnOutput(this, 'SocketUrl', { value: stage.url });
  }
}

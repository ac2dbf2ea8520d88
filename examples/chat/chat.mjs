// The room: who is in it, and what is said. Sends to everybody by @connections, with the AWS SDK as on AWS.
import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';

const people = new Map();

export async function handler(event) {
  const { routeKey, connectionId, authorizer } = event.requestContext;
  switch (routeKey) {
    case '$connect':
      return { statusCode: 200 };
    case 'join':
      people.set(connectionId, authorizer.name);
      await tellAll(event, { event: 'people', people: [...people.values()] });
      return { statusCode: 200 };
    case 'say': {
      const { text } = JSON.parse(event.body);
      await tellAll(event, { event: 'said', name: authorizer.name, text });
      return { statusCode: 200 };
    }
    case 'who':
      // A route with a route response: this goes to the asker alone.
      return {
        statusCode: 200,
        body: JSON.stringify({ event: 'you', name: authorizer.name, connectionId }),
      };
    case '$disconnect':
      people.delete(connectionId);
      await tellAll(event, { event: 'people', people: [...people.values()] });
      return { statusCode: 200 };
    default:
      return { statusCode: 400 };
  }
}

async function tellAll({ requestContext: { apiId, stage } }, message) {
  // On AWS: https://{domainName}/{stage}. This form needs no name that DNS knows.
  const postern = process.env.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI;
  const endpoint = `${postern}/_aws/execute-api/${apiId}/${stage}`;
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const Data = JSON.stringify(message);
  await Promise.all(
    [...people.keys()].map(async (ConnectionId) => {
      try {
        await client.send(new PostToConnectionCommand({ ConnectionId, Data }));
      } catch (error) {
        if (!(error instanceof GoneException)) throw error;
        people.delete(ConnectionId);
      }
    }),
  );
}

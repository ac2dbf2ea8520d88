// The Lambda authorizer of $connect: whoever has a name comes in, under that name.
export async function handler(event) {
  const name = event.queryStringParameters?.name ?? '';
  const isWelcome = /^[\p{L}\p{N} _-]{1,20}$/u.test(name);
  return {
    principalId: name || 'nobody',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Action: 'execute-api:Invoke', Effect: isWelcome ? 'Allow' : 'Deny', Resource: event.methodArn },
      ],
    },
    context: { name },
  };
}

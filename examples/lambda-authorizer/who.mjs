// A Lambda authorizer that returns policies. It is asked once for a key; the policy is then judged for every request.
const tenants = {
  'key-of-anna': { tenant: 'anna', paths: ['GET/pets/*', 'POST/pets'] },
  'key-of-ben': { tenant: 'ben', paths: ['GET/pets/*'] },
};

let asked = 0;

export async function handler(event) {
  asked++;
  const found = tenants[event.identitySource[0]];
  if (found === undefined) return policy('nobody', 'Deny', ['*'], {});
  // arn:aws:execute-api:{region}:{account}:{api}/{stage}/{METHOD}/{path}
  const stage = event.routeArn.split('/').slice(0, 2).join('/');
  const resources = found.paths.map((path) => `${stage}/${path}`);
  return policy(found.tenant, 'Allow', resources, { tenant: found.tenant, asked });
}

function policy(principalId, Effect, Resource, context) {
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource }];
  return { principalId, policyDocument: { Version: '2012-10-17', Statement }, context };
}

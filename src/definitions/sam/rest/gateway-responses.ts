// GatewayResponses of a REST API: what the gateway answers itself, in its document.
import { entries, get, isMap, madeMap, setNamed, type Tree, type TreeMap, truthyMember } from '../editing.ts';
import { isIntrinsic } from '../intrinsics.ts';
import { type Blame, expectMap } from '../invalid.ts';
import { pythonType } from '../python-text.ts';
import { expectSwagger, mapIn, swaggerDocument } from './swagger-document.ts';

const RESPONSE_MEMBERS = ['ResponseParameters', 'ResponseTemplates', 'StatusCode'];
const PREFIXES = [
  ['Headers', 'gatewayresponse.header.'],
  ['Paths', 'gatewayresponse.path.'],
  ['QueryStrings', 'gatewayresponse.querystring.'],
] as const;

export function editGatewayResponses(given: Tree | undefined, body: Tree | undefined, blame: Blame): void {
  if (given === undefined) return;
  if (body === undefined) {
    throw blame(
      "GatewayResponses works only with inline Swagger specified in 'DefinitionBody' property.",
      given,
    );
  }
  for (const [name, response] of entries(given)) {
    if (isIntrinsic(response)) {
      throw blame(
        'Unable to set GatewayResponses attribute because intrinsic functions are not supported for this field.',
        response,
      );
    }
    if (!isMap(response)) {
      throw blame(
        `Invalid property type '${pythonType(response)}' for GatewayResponses. Expected an object of type 'GatewayResponse'.`,
        response,
      );
    }
    const wrong = [...response.members.keys()].find((key) => !RESPONSE_MEMBERS.includes(key));
    if (wrong !== undefined) {
      throw blame(`Invalid property '${wrong}' in 'GatewayResponses' property '${name}'.`, response);
    }
  }
  // The sentence is that of Auth, as AWS SAM's is.
  expectSwagger(body, 'Auth configuration', blame);
  const responses = mapIn(swaggerDocument(body), 'x-amazon-apigateway-gateway-responses');
  for (const [name, response] of entries(given)) {
    setNamed(responses, name, gatewayResponse(name, response as TreeMap, blame));
  }
}

function gatewayResponse(name: string, response: TreeMap, blame: Blame): TreeMap {
  const parameters = truthyMember(response, 'ResponseParameters');
  const path = `GatewayResponses.${name}.ResponseParameters`;
  const map = parameters === undefined ? madeMap(response.offset, {}) : expectMap(parameters, path, blame);
  for (const key of map.members.keys()) {
    if (!PREFIXES.some(([member]) => member === key)) {
      throw blame(`Invalid gateway response parameter '${key}'`, map);
    }
  }
  const status = truthyMember(response, 'StatusCode');
  if (status !== undefined && !(status.kind === 'scalar' && /^[0-9]{1,3}$/.test(status.text))) {
    throw blame("Property 'StatusCode' must be numeric", status);
  }
  const prefixed = madeMap(response.offset, {});
  for (const [member, prefix] of PREFIXES) {
    const given = get(map, member);
    if (given === undefined) continue;
    for (const [key, value] of entries(expectMap(given, `ResponseParameters.${member}`, blame))) {
      setNamed(prefixed, prefix + key, value);
    }
  }
  return madeMap(response.offset, {
    responseParameters: prefixed,
    responseTemplates: truthyMember(response, 'ResponseTemplates') ?? madeMap(response.offset, {}),
    statusCode: status?.kind === 'scalar' ? status.text : undefined,
  });
}

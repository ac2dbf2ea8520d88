// An OpenAPI document as people have them: beside integrations it has parameters, responses and schemas, which make nothing.
import { stringify } from 'yaml';
import { PETS_MAPPING } from '../gateways/postern-api.ts';

/** The measured route, `paths` others less one, and perhaps one more. */
export function documentOf(backendPort: number, paths: number, added?: string): object {
  const others = Array.from({ length: paths - 1 }, (_, n) => [
    `/service${n}/items/{itemId}`,
    operation(`item${n}`, `http://127.0.0.1:${backendPort}/others/${n}`, ['itemId'], {
      requestParameters: { 'append:header.x-request-id': '$context.requestId' },
    }),
  ]);
  const { request, response } = PETS_MAPPING;
  return {
    openapi: '3.0.3',
    info: { title: 'Busy', version: '1.0' },
    paths: {
      '/pets/{petId}': operation('showPet', `http://127.0.0.1:${backendPort}/`, ['petId'], {
        requestParameters: request,
        responseParameters: response,
      }),
      ...Object.fromEntries(others),
      ...(added === undefined
        ? {}
        : { [added]: operation('added', `http://127.0.0.1:${backendPort}/added`, [], {}) }),
    },
    components: { schemas: { Item: { type: 'object', properties: { id: { type: 'string' } } } } },
  };
}

/** The same document, as text of YAML. */
export function asYaml(document: object): string {
  return stringify(document, { aliasDuplicateObjects: false });
}

function operation(operationId: string, uri: string, parameters: readonly string[], mapping: object): object {
  const schema = { $ref: '#/components/schemas/Item' };
  return {
    get: {
      operationId,
      summary: `Answers for ${operationId}`,
      parameters: parameters.map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
      'x-amazon-apigateway-integration': {
        type: 'http_proxy',
        httpMethod: 'GET',
        uri,
        payloadFormatVersion: '1.0',
        ...mapping,
      },
    },
  };
}

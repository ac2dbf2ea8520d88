// Cors of a REST API: an OPTIONS operation of each path that has none.
import {
  entries,
  get,
  has,
  isMap,
  isTrue,
  isTruthy,
  madeMap,
  type Plain,
  set,
  stringOf,
  type Tree,
  type TreeMap,
  textOfTemplate,
  truthyMember,
} from '../editing.ts';
import { isIntrinsic } from '../intrinsics.ts';
import type { Blame } from '../invalid.ts';
import { ANY_METHOD, INTEGRATION, itemsOf, pathsOf } from '../path-items.ts';
import { expectSwagger, swaggerDocument } from './swagger-document.ts';

const MEMBERS = ['AllowMethods', 'AllowHeaders', 'AllowOrigin', 'MaxAge', 'AllowCredentials'];
const ALL_METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'];

export function editRestCors(given: Tree | undefined, body: Tree | undefined, blame: Blame): void {
  if (!isTruthy(given)) return;
  if (!isTruthy(body)) {
    throw blame("Cors works only with inline Swagger specified in 'DefinitionBody' property.", given);
  }
  const cors = readCors(given, blame);
  expectSwagger(body, 'Cors configuration', blame);
  if (isTrue(get(cors, 'AllowCredentials')) && stringOf(get(cors, 'AllowOrigin')) === "'*'") {
    throw blame(
      "Unable to add Cors configuration because 'AllowCredentials' can not be true when 'AllowOrigin' is \"'*'\" or not set",
      given,
    );
  }
  const document = swaggerDocument(body);
  const seen = new Set<string>();
  for (const path of pathsOf(document).members.keys()) {
    const normal = path === '/' ? path : path.replace(/\/+$/, '');
    if (seen.has(normal)) continue;
    seen.add(normal);
    addOptions(document, path, cors, blame);
  }
}

function readCors(given: Tree, blame: Blame): TreeMap {
  if (stringOf(given) !== undefined || isIntrinsic(given))
    return madeMap(given.offset, { AllowOrigin: given });
  if (!isMap(given)) throw blame("Invalid value for 'Cors' property", given);
  for (const [key, value] of entries(given)) {
    if (!MEMBERS.includes(key)) throw blame(`Invalid key '${key}' for 'Cors' property.`, value);
  }
  const cors = madeMap(given.offset, { AllowOrigin: "'*'" });
  for (const [key, { value }] of given.members) set(cors, key, value);
  return cors;
}

function addOptions(document: TreeMap, path: string, cors: TreeMap, blame: Blame): void {
  let methods = truthyMember(cors, 'AllowMethods');
  for (const item of itemsOf(pathsOf(document), path)) {
    if (has(item, 'options')) continue;
    if (!isTruthy(get(cors, 'AllowOrigin'))) {
      throw blame(
        'Structure of the SAM template is invalid. Invalid input. Value for AllowedOrigins is required',
        cors,
      );
    }
    // The methods of the first alternative are those of the others too.
    methods ??= textOfTemplate(cors.offset, methodsOf(item));
    set(item, 'options', options(cors, methods));
  }
}

function methodsOf(item: TreeMap): string {
  const names = [...item.members.keys()];
  const methods = names.includes(ANY_METHOD) ? ALL_METHODS : [...names, 'options'];
  return `'${[...new Set(methods.map((name) => name.toUpperCase()))].sort().join(',')}'`;
}

function options(cors: TreeMap, methods: Tree): TreeMap {
  const headers: readonly (readonly [name: string, value: Plain, type: string])[] = [
    ['Access-Control-Allow-Origin', get(cors, 'AllowOrigin'), 'string'],
    ['Access-Control-Allow-Headers', truthyMember(cors, 'AllowHeaders'), 'string'],
    ['Access-Control-Allow-Methods', methods, 'string'],
    ['Access-Control-Max-Age', get(cors, 'MaxAge'), 'integer'],
    [
      'Access-Control-Allow-Credentials',
      isTrue(get(cors, 'AllowCredentials')) ? "'true'" : undefined,
      'string',
    ],
  ];
  const sent = headers.filter(([, value]) => value !== undefined);
  return madeMap(cors.offset, {
    summary: 'CORS support',
    consumes: ['application/json'],
    produces: ['application/json'],
    [INTEGRATION]: {
      type: 'mock',
      requestTemplates: { 'application/json': '{\n  "statusCode" : 200\n}\n' },
      responses: {
        default: {
          statusCode: '200',
          responseParameters: Object.fromEntries(
            sent.map(([name, value]) => [`method.response.header.${name}`, value]),
          ),
          responseTemplates: { 'application/json': '{}\n' },
        },
      },
    },
    responses: {
      '200': {
        description: 'Default response for CORS method',
        headers: Object.fromEntries(sent.map(([name, , type]) => [name, { type }])),
      },
    },
  });
}

// RequestModel and RequestParameters of an event of a REST API.
import {
  get,
  has,
  isList,
  isMap,
  isTrue,
  isTruthy,
  made,
  madeMap,
  type Plain,
  set,
  stringOf,
  type Tree,
  type TreeList,
  type TreeMap,
} from '../editing.ts';
import { isIntrinsic } from '../intrinsics.ts';
import { expectMap } from '../invalid.ts';
import { INTEGRATION, integratedOperations, isVersion3, pathsOf } from '../path-items.ts';
import { pythonStr } from '../python-text.ts';
import type { ApiOperation } from './event-auth.ts';
import { mapIn } from './swagger-document.ts';

export function addRequestModel(
  operation: ApiOperation,
  given: Tree | undefined,
  api: TreeMap,
  document: TreeMap,
): void {
  if (given === undefined) return;
  const { blame, path, method } = operation;
  const request = expectMap(given, 'RequestModel', blame);
  const model = get(request, 'Model');
  if (!isTruthy(model)) return;
  const text = `Unable to set RequestModel [${pythonStr(model)}] on API method [${method}] for path [${path}] because`;
  const models = get(api, 'Models');
  if (!isTruthy(models)) throw blame(`${text} the related API does not define any Models.`, model);
  if (!isIntrinsic(models) && !isMap(models)) {
    throw blame(`${text} the related API Models defined is of invalid type.`, model);
  }
  const name = stringOf(model);
  if (name === undefined) throw blame(`${text} the related API does not contain valid Models.`, model);
  if (!isTruthy(get(models, name))) throw blame(`${text} it wasn't defined in the API's Models.`, model);
  addModel(operation, name.toLowerCase(), get(request, 'Required'), document);
  addValidator(operation, name, request, document);
}

function addModel(
  { path, method, offset }: ApiOperation,
  model: string,
  required: Tree | undefined,
  document: TreeMap,
): void {
  for (const operation of integratedOperations(pathsOf(document), path, method)) {
    if (isTruthy(get(document, 'swagger'))) {
      parametersOf(operation, offset).push(
        madeMap(offset, { in: 'body', name: model, schema: { $ref: `#/definitions/${model}` }, required }),
      );
    } else if (isVersion3(get(document, 'openapi'))) {
      const schema = { $ref: `#/components/schemas/${model}` };
      set(operation, 'requestBody', { content: { 'application/json': { schema } }, required } as Exclude<
        Plain,
        undefined
      >);
    }
  }
}

function addValidator(
  { path, method, blame, offset }: ApiOperation,
  model: string,
  request: TreeMap,
  document: TreeMap,
): void {
  const [body, parameters] = [get(request, 'ValidateBody'), get(request, 'ValidateParameters')];
  if (body === undefined && parameters === undefined) return;
  for (const each of [body, parameters]) {
    if (each === undefined || (each.kind === 'scalar' && typeof each.value === 'boolean')) continue;
    throw blame(
      `Unable to set Validator to RequestModel [${model}] on API method [${method}] for path [${path}] ValidateBody and ValidateParameters must be a boolean type, strings or intrinsics are not supported.`,
      each,
    );
  }
  const [ofBody, ofParameters] = [isTrue(body), isTrue(parameters)];
  const name = ofBody
    ? ofParameters
      ? 'body-and-params'
      : 'body-only'
    : ofParameters
      ? 'params-only'
      : 'no-validation';
  const validators = mapIn(document, 'x-amazon-apigateway-request-validators');
  if (!isTruthy(get(validators, name))) {
    set(
      validators,
      name,
      madeMap(offset, { validateRequestBody: ofBody, validateRequestParameters: ofParameters }),
    );
  }
  for (const operation of integratedOperations(pathsOf(document), path, method)) {
    set(operation, 'x-amazon-apigateway-request-validator', made(offset, name));
  }
}

function parametersOf(operation: TreeMap, offset: number): Tree[] {
  if (!isList(get(operation, 'parameters'))) set(operation, 'parameters', made(offset, []));
  return (get(operation, 'parameters') as TreeList).items;
}

const PARAMETER = /^method\.request\.(querystring|path|header)\.(.*)$/s;

export function addRequestParameters(
  operation: ApiOperation,
  given: Tree | undefined,
  document: TreeMap,
): void {
  if (!isList(given)) return;
  const read = given.items.map((each) => readParameter(operation, each));
  const { path, method, offset } = operation;
  for (const each of integratedOperations(pathsOf(document), path, method)) {
    for (const { whole, location, name, isRequired, isCached } of read) {
      parametersOf(each, offset).push(
        madeMap(offset, {
          in: location === 'querystring' ? 'query' : location,
          name,
          required: isRequired,
          type: 'string',
        }),
      );
      if (!isTruthy(isCached)) continue;
      const integration = get(each, INTEGRATION) as TreeMap;
      if (!has(integration, 'cacheKeyParameters')) set(integration, 'cacheKeyParameters', made(offset, []));
      (get(integration, 'cacheKeyParameters') as TreeList).items.push(made(offset, whole));
    }
  }
}

interface RequestParameter {
  readonly whole: string;
  readonly location: string;
  readonly name: string;
  readonly isRequired: Tree;
  readonly isCached: Tree;
}

function readParameter({ blame, offset }: ApiOperation, given: Tree): RequestParameter {
  const wrong = "Invalid value for 'RequestParameters' property.";
  const text = stringOf(given);
  const [first] = isMap(given) ? given.members : [];
  if (text === undefined && first === undefined) {
    throw blame(`${wrong} Property must be either a string or an object`, given);
  }
  const whole = text ?? first![0];
  const found = PARAMETER.exec(whole);
  if (found === null) {
    throw blame(
      `${wrong} Keys must be in the format 'method.request.[querystring|path|header].{value}', e.g 'method.request.header.Authorization'.`,
      given,
    );
  }
  const settings = first?.[1].value;
  const known = ['Required', 'Caching'];
  if (
    settings !== undefined &&
    (!isMap(settings) || [...settings.members.keys()].some((key) => !known.includes(key)))
  ) {
    throw blame(`${wrong} Values must be an object, e.g { Required: true, Caching: false }`, given);
  }
  return {
    whole,
    location: found[1]!,
    name: found[2]!,
    isRequired: get(settings, 'Required') ?? made(offset, false),
    isCached: get(settings, 'Caching') ?? made(offset, false),
  };
}

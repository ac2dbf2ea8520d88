// What integrations of AWS service operations have to have (spec/management-api.md §2.3.4, §2.3.5; http-api.md §3.1, §3.7).

import {
  REGION_PARAMETER,
  SERVICE_OPERATIONS,
  type ServiceOperation,
} from '../../backends/services/operations.ts';
import { GrammarError } from '../../grammar/grammar-error.ts';
import { parseServiceValue } from '../../grammar/service-value.ts';
import { badRequest } from '../../wire/errors.ts';
import { unlessEmpty } from '../patch.ts';
import type { Draft } from '../rules.ts';
import { httpApiKind, type IntegrationDocument, type IntegrationScope } from './integration-document.ts';

type Parameters = Readonly<Record<string, string>>;

/** Checks an integration's operation, role and parameters. Returns the parameters as they are stored, without empty ones.
 *  Throws a BadRequestException for an unknown operation, or when its role or parameters are not as it needs them. */
export function settledServiceParameters(
  draft: Draft<IntegrationDocument>,
  scope: IntegrationScope,
): Parameters | undefined {
  const { IntegrationSubtype: subtype = '', PayloadFormatVersion, CredentialsArn } = draft;
  const operation = SERVICE_OPERATIONS.get(subtype);
  if (operation === undefined || PayloadFormatVersion !== '1.0') {
    throw badRequest(`Operation: ${subtype} is not supported.`);
  }
  if (CredentialsArn === undefined) {
    throw badRequest(`Role ARN must be specified for AWS integration configuration with Subtype: ${subtype}`);
  }
  const given = (scope.given.RequestParameters ?? {}) as Parameters;
  const stored = storedParameters(scope);
  checkTold(scope, stored, given);
  checkNames(operation, given, stored);
  const kept = Object.entries(draft.RequestParameters ?? {}).filter(
    ([name, value]) => value !== '' && isParameter(operation, name, given),
  );
  const parameters = Object.fromEntries(kept);
  // An update that speaks of the operation tells all that it needs again; what it leaves out it may only add to.
  const told = stored === undefined || speaksOfOperation(scope) ? given : parameters;
  checkRequired(operation, told);
  checkSources(parameters);
  return unlessEmpty(parameters);
}

/** The parameters of a stored integration that calls an operation; undefined where there is none. */
function storedParameters({ previous }: IntegrationScope): Parameters | undefined {
  if (previous === undefined || httpApiKind(previous) !== 'service') return undefined;
  return previous.RequestParameters ?? {};
}

function speaksOfOperation({ given }: IntegrationScope): boolean {
  return given.IntegrationSubtype !== undefined;
}

/** Parameters are changed together with the operation that they are of. */
function checkTold(scope: IntegrationScope, stored: Parameters | undefined, given: Parameters): void {
  if (stored === undefined || speaksOfOperation(scope) || Object.keys(given).length === 0) return;
  throw badRequest('Invalid integration URI specified');
}

/** What is left over of another operation goes when the new one does not have it. */
function isParameter(operation: ServiceOperation, name: string, given: Parameters): boolean {
  return Object.hasOwn(given, name) || operation.conversions.has(name) || name === REGION_PARAMETER;
}

/** Empty texts take stored parameters away, whatever operation they were of. */
function checkNames(operation: ServiceOperation, given: Parameters, stored: Parameters | undefined): void {
  for (const [name, value] of Object.entries(given)) {
    const isRemoval = value === '' && stored !== undefined && Object.hasOwn(stored, name);
    if (isRemoval || operation.conversions.has(name) || name === REGION_PARAMETER) continue;
    throw badRequest(`Parameter: ${name} does not fit schema for Operation: ${operation.subtype}.`);
  }
}

function checkRequired({ subtype, required }: ServiceOperation, parameters: Parameters): void {
  const isThere = (name: string): boolean => Object.hasOwn(parameters, name) && parameters[name] !== '';
  if (required.every(isThere)) return;
  throw badRequest(
    `Operation: ${subtype} requires enabling passthrough, or defining all of the following parameters in the ` +
      `parameter mapping: [${required.join(', ')}]`,
  );
}

function checkSources(parameters: Parameters): void {
  const bad = Object.entries(parameters).filter(([, value]) => !isSource(value));
  if (bad.length === 0) return;
  const errors = bad.map(([name, value]) => `Invalid source: ${value} specified for destination: ${name}`);
  throw badRequest(
    `Invalid selection expression specified: Validation Result: warnings : [], errors : [${errors.join(', ')}]`,
  );
}

function isSource(value: string): boolean {
  try {
    parseServiceValue(value);
    return true;
  } catch (error) {
    if (error instanceof GrammarError) return false;
    throw error;
  }
}

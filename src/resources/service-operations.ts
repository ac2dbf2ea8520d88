// What integrations of AWS service operations have to have (spec/management-api.md §2.3.4, http-api.md §3.1, §3.7).
import { GrammarError } from '../grammar/grammar-error.ts';
import { parseServiceValue } from '../grammar/service-value.ts';
import { REGION_PARAMETER, SERVICE_OPERATIONS } from '../integrations/services/operations.ts';
import { badRequest } from '../wire/errors.ts';

/** Throws a BadRequestException for an unknown operation, or when its role or parameters are not as it needs them. */
export function checkServiceOperation(
  subtype: string,
  payloadFormatVersion: string,
  credentialsArn: string | undefined,
  parameters: { readonly [name: string]: string },
): void {
  const known = SERVICE_OPERATIONS.get(subtype);
  if (known === undefined || payloadFormatVersion !== '1.0') {
    throw badRequest(`Operation: ${subtype} is not supported.`);
  }
  if (credentialsArn === undefined) {
    throw badRequest(`Role ARN must be specified for AWS integration configuration with Subtype: ${subtype}`);
  }
  for (const name of Object.keys(parameters)) {
    if (known.conversions.has(name) || name === REGION_PARAMETER) continue;
    throw badRequest(`Parameter: ${name} does not fit schema for Operation: ${subtype}.`);
  }
  if (known.required.some((name) => !Object.hasOwn(parameters, name))) {
    throw badRequest(
      `Operation: ${subtype} requires enabling passthrough, or defining all of the following parameters in the ` +
        `parameter mapping: [${known.required.join(', ')}]`,
    );
  }
  checkSources(parameters);
}

function checkSources(parameters: { readonly [name: string]: string }): void {
  const bad = Object.entries(parameters).filter(([, value]) => !isSource(value));
  if (bad.length === 0) return;
  const errors = bad.map(([name, value]) => `Invalid source: ${value} specified for destination: ${name}`);
  throw badRequest(
    `Invalid selection expression specified: Validation Result: warnings : [], errors : [${errors.join(', ')}]`,
  );
}

function isSource(value: string): boolean {
  if (value === '') return false;
  try {
    parseServiceValue(value);
    return true;
  } catch (error) {
    if (error instanceof GrammarError) return false;
    throw error;
  }
}

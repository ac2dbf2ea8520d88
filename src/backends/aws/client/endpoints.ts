// Where AWS's services are: the rules that the SDK's clients have for their host names (decision 0020).
import { requirePackage } from '../../../packages.ts';

const { partition } = requirePackage('@aws-sdk/core/client') as typeof import('@aws-sdk/core/client');
const { EndpointError } = requirePackage('@smithy/core/endpoints') as typeof import('@smithy/core/endpoints');

export interface EndpointRules {
  /** As host names and signatures have it: `states`. */
  readonly name: string;
  /** GovCloud's host names, where `-fips` is not in them just when FIPS is asked for. */
  readonly govCloud?: (region: string, isFips: boolean, isDualStack: boolean) => boolean;
  /** What stands between the caller's account and the region, of services with an endpoint for each account. */
  readonly accountName?: string;
}

/** What the settings of a client come to. */
export interface EndpointParameters {
  readonly Endpoint?: string;
  readonly Region?: string;
  readonly UseFIPS?: boolean;
  readonly UseDualStack?: boolean;
  readonly AccountId?: string;
  readonly AccountIdEndpointMode?: string;
}

type Partition = ReturnType<typeof partition>;

/** The base URL of a service. Throws EndpointError with the SDK's texts. */
export function endpointOf(rules: EndpointRules, parameters: EndpointParameters): string {
  const { Endpoint, Region, UseFIPS: isFips = false, UseDualStack: isDualStack = false } = parameters;
  if (Endpoint !== undefined) {
    if (isFips) throw refused('FIPS and custom endpoint are not supported');
    if (isDualStack) throw refused('Dualstack and custom endpoint are not supported');
    return Endpoint;
  }
  if (Region === undefined) throw refused('Missing Region');
  const found = partition(Region);
  const account = accountOf(rules, parameters, found);
  const suffix = suffixOf(found, isFips, isDualStack, account !== undefined);
  const isGovCloud = found.name === 'aws-us-gov' && account === undefined;
  const hasFips = isGovCloud ? (rules.govCloud?.(Region, isFips, isDualStack) ?? isFips) : isFips;
  const name = account === undefined ? rules.name : `${account}.${rules.accountName}`;
  return `https://${name}${hasFips ? '-fips' : ''}.${Region}.${suffix}`;
}

function suffixOf(found: Partition, isFips: boolean, isDualStack: boolean, isOfAccount: boolean): string {
  const { supportsFIPS, supportsDualStack, dnsSuffix, dualStackDnsSuffix } = found;
  if (isFips && isDualStack && !(supportsFIPS && supportsDualStack)) {
    if (!isOfAccount) {
      throw new EndpointError(
        'FIPS and DualStack are enabled, but this partition does not support one or both',
      );
    }
    const lacking = supportsFIPS ? 'DualStack' : 'FIPS';
    throw new EndpointError(`${lacking} is enabled, but this partition does not support ${lacking}.`);
  }
  if (isFips && !supportsFIPS) {
    throw new EndpointError('FIPS is enabled but this partition does not support FIPS');
  }
  if (isDualStack && !supportsDualStack) {
    throw new EndpointError('DualStack is enabled but this partition does not support DualStack');
  }
  return isDualStack ? dualStackDnsSuffix : dnsSuffix;
}

const WITHOUT_ACCOUNTS: ReadonlySet<string> = new Set(['aws-iso', 'aws-iso-b']);
const HOST_LABEL = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/;

/** The account that is in the host name; undefined where none is. */
function accountOf(
  { accountName }: EndpointRules,
  { AccountId, AccountIdEndpointMode: mode }: EndpointParameters,
  { name }: Partition,
): string | undefined {
  if (accountName === undefined) return undefined;
  const isRequired = mode === 'required';
  if (WITHOUT_ACCOUNTS.has(name)) {
    if (!isRequired) return undefined;
    throw refused(
      'AccountIdEndpointMode is required but account endpoints are not supported in this partition',
    );
  }
  if (mode === undefined || mode === 'disabled') return undefined;
  if (AccountId === undefined) {
    if (!isRequired) return undefined;
    throw new EndpointError(
      'AccountIdEndpointMode is required but no AccountID was provided or able to be loaded',
    );
  }
  if (!HOST_LABEL.test(AccountId)) throw new EndpointError('Invalid account id.');
  return AccountId;
}

function refused(why: string): Error {
  return new EndpointError(`Invalid Configuration: ${why}`);
}

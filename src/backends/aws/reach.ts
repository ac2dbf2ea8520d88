// Which AWS services are called at all: nothing leaves this machine unless somebody asked for it, by an endpoint or by `aws`
// (docs/guide/aws-services.md).

/** What `aws` says: services that may be called at AWS itself, as their endpoint variables name them: `SQS`. */
export type AskedServices = 'all' | ReadonlySet<string>;

export interface AwsReach {
  /** Why a service is not called, a sentence that says what to set; undefined for one that may be. `service` is as in host
   *  names (`states`) or as endpoint variables have it (`sfn`). */
  refusal(service: string): string | undefined;
}

type Environment = { readonly [name: string]: string | undefined };

/** Services whose endpoint variable is not called as their host name is. */
const VARIABLES: Readonly<Record<string, string>> = {
  states: 'SFN',
  events: 'EVENTBRIDGE',
  logs: 'CLOUDWATCH_LOGS',
  monitoring: 'CLOUDWATCH',
  secretsmanager: 'SECRETS_MANAGER',
  email: 'SES',
};

/** `SQS` of `sqs`: what stands behind AWS_ENDPOINT_URL_. */
export function endpointVariable(service: string): string {
  const name = service.toLowerCase();
  return Object.hasOwn(VARIABLES, name) ? VARIABLES[name]! : name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** The endpoint that the environment configures for a service, as the AWS SDK reads it. */
export function configuredEndpoint(service: string, environment: Environment): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') return undefined;
  const configured =
    environment[`AWS_ENDPOINT_URL_${endpointVariable(service)}`] || environment.AWS_ENDPOINT_URL;
  return configured ? configured.replace(/\/$/, '') : undefined;
}

/** `isOurs` knows this gateway's own addresses: clients of it have AWS_ENDPOINT_URL set to one, and so has who starts it in
 *  their terminal. */
export function createReach(
  asked: AskedServices,
  environment: Environment,
  isOurs: (endpoint: string) => boolean = () => false,
): AwsReach {
  return {
    refusal(service) {
      const variable = endpointVariable(service);
      if (asked === 'all' || asked.has(variable)) return undefined;
      const endpoint = configuredEndpoint(service, environment);
      if (endpoint !== undefined && !isOurs(endpoint)) return undefined;
      const word = variable.toLowerCase();
      const why = endpoint === undefined ? 'nobody asked for it' : `${endpoint} is this gateway itself`;
      return `The AWS service ${word} is not called, since ${why}: set AWS_ENDPOINT_URL_${variable} where an emulator answers, or aws: ${word} (--aws ${word}) for AWS itself`;
    },
  };
}

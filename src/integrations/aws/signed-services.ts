// AWS services called without a client of their own: where they answer, and requests signed for them
// (spec/websocket-api.md §3.4; decision 0015).
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../identity/sha256.ts';
import { assumedCredentials, type CredentialsProvider } from './credentials.ts';

export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  /** Decoded. */
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ServiceSigning {
  /** `dynamodb`. */
  readonly service: string;
  readonly region: string;
  readonly host: string;
  /** The role to sign as, where roles are assumed. */
  readonly roleArn: string | undefined;
}

export interface SignedServices {
  /** The base URL of a service: `https://dynamodb.eu-west-1.amazonaws.com`. `subdomain` stands before the service's name. */
  endpoint(service: string, region: string, subdomain: string): string;
  /** The headers with the signature's. Rejects when there are no credentials. */
  sign(request: ServiceRequest, signing: ServiceSigning): Promise<Readonly<Record<string, string>>>;
}

export interface SignedServicesOptions {
  readonly assumeRoles: boolean;
  /** For AWS_ENDPOINT_URL_DYNAMODB and its like, and AWS_ENDPOINT_URL. */
  readonly environment: { readonly [name: string]: string | undefined };
}

/** Services whose endpoint variable is not called as their host name is. */
const VARIABLES: Readonly<Record<string, string>> = {
  states: 'SFN',
  events: 'EVENTBRIDGE',
  logs: 'CLOUDWATCH_LOGS',
  monitoring: 'CLOUDWATCH',
  secretsmanager: 'SECRETS_MANAGER',
  email: 'SES',
};

export function createSignedServices({ assumeRoles, environment }: SignedServicesOptions): SignedServices {
  let ambient: CredentialsProvider | undefined;
  const ownCredentials: CredentialsProvider = async () => {
    ambient ??= (await import('@aws-sdk/credential-provider-node')).defaultProvider();
    return ambient();
  };
  return {
    endpoint(service, region, subdomain) {
      const name = VARIABLES[service] ?? service.toUpperCase().replace(/[^A-Z0-9]/g, '_');
      const configured = environment[`AWS_ENDPOINT_URL_${name}`] || environment.AWS_ENDPOINT_URL;
      if (configured) return configured.replace(/\/$/, '');
      const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
      return `https://${subdomain}${service}.${region}.${suffix}`;
    },
    async sign({ method, path, query, headers, body }, { service, region, host, roleArn }) {
      const signer = new SignatureV4({
        service,
        region,
        credentials:
          assumeRoles && roleArn !== undefined ? assumedCredentials(roleArn, region) : ownCredentials,
        sha256: Sha256,
        uriEscapePath: service !== 's3',
      });
      const signed = await signer.sign({
        method,
        protocol: 'https:',
        hostname: host,
        path,
        query: query as Record<string, string | string[]>,
        headers: { ...headers, host },
        body,
      });
      return signed.headers;
    },
  };
}

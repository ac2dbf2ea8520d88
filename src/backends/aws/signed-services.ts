// AWS services called without a client of their own: where they answer, and requests signed for them
// (spec/websocket-api.md §3.4; decision 0015).
import { hostSuffixOf } from '../../grammar/management-arn.ts';
import { Sha256 } from '../../identity/sha256.ts';
import { assumedCredentials, type CredentialsProvider } from './credentials.ts';
import { type AwsReach, configuredEndpoint } from './reach.ts';

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
  /** Why a service is not called; undefined for one that may be. */
  refusal(service: string): string | undefined;
  /** The base URL of a service: `https://dynamodb.eu-west-1.amazonaws.com`. `subdomain` stands before the service's name. */
  endpoint(service: string, region: string, subdomain: string): string;
  /** The headers with the signature's. Rejects when there are no credentials. */
  sign(request: ServiceRequest, signing: ServiceSigning): Promise<Readonly<Record<string, string>>>;
}

export interface SignedServicesOptions {
  readonly assumeRoles: boolean;
  readonly reach: AwsReach;
  /** For AWS_ENDPOINT_URL_DYNAMODB and its like, and AWS_ENDPOINT_URL. */
  readonly environment: { readonly [name: string]: string | undefined };
}

export function createSignedServices({
  assumeRoles,
  reach,
  environment,
}: SignedServicesOptions): SignedServices {
  let ambient: CredentialsProvider | undefined;
  const ownCredentials: CredentialsProvider = async () => {
    ambient ??= (await import('@aws-sdk/credential-provider-node')).defaultProvider();
    return ambient();
  };
  return {
    refusal: (service) => reach.refusal(service),
    endpoint(service, region, subdomain) {
      const configured = configuredEndpoint(service, environment);
      if (configured !== undefined) return configured;
      return `https://${subdomain}${service}.${region}.${hostSuffixOf(region)}`;
    },
    async sign({ method, path, query, headers, body }, { service, region, host, roleArn }) {
      const { SignatureV4 } = await import('@smithy/signature-v4');
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

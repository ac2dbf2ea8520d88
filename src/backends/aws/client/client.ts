// A client of an AWS service, made of the parts that the SDK's own clients are made of: credentials, signatures, endpoints of the
// environment and of configuration files, repetition, clock skew and connections are theirs (decision 0020). Packages are required: to import so many that are no
// modules of JavaScript takes Node.js four times the CPU.

import type { NodeHttpHandler as Handler, NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import type {
  HttpAuthOption,
  HttpAuthScheme,
  HttpAuthSchemeParameters,
  HttpHandlerOptions,
  MetadataBearer,
} from '@smithy/types';
import { requirePackage } from '../../../packages.ts';
import type { CredentialsProvider } from '../credentials.ts';
import { type EndpointParameters, endpointOf } from './endpoints.ts';
import { ENDPOINT_PARAMETERS, NAMESPACE, type Service } from './service.ts';

const { NODE_ACCOUNT_ID_ENDPOINT_MODE_CONFIG_OPTIONS, resolveAccountIdEndpointModeConfig } = requirePackage(
  '@aws-sdk/core/account-id-endpoint',
) as typeof import('@aws-sdk/core/account-id-endpoint');
const {
  createDefaultUserAgentProvider,
  getHostHeaderPlugin,
  getLoggerPlugin,
  getRecursionDetectionPlugin,
  getUserAgentPlugin,
  NODE_APP_ID_CONFIG_OPTIONS,
  resolveHostHeaderConfig,
  resolveUserAgentConfig,
} = requirePackage('@aws-sdk/core/client') as typeof import('@aws-sdk/core/client');
const { AwsSdkSigV4Signer, resolveAwsSdkSigV4Config } = requirePackage(
  '@aws-sdk/core/httpAuthSchemes',
) as typeof import('@aws-sdk/core/httpAuthSchemes');
const { defaultProvider } = requirePackage(
  '@aws-sdk/credential-provider-node',
) as typeof import('@aws-sdk/credential-provider-node');
const { DefaultIdentityProviderConfig, getHttpAuthSchemeEndpointRuleSetPlugin, getHttpSigningPlugin } =
  requirePackage('@smithy/core') as typeof import('@smithy/core');
const { Sha256 } = requirePackage('@smithy/core/checksum') as typeof import('@smithy/core/checksum');
const { Client, loadConfigsForDefaultMode, NoOpLogger, normalizeProvider } = requirePackage(
  '@smithy/core/client',
) as typeof import('@smithy/core/client');
const {
  loadConfig,
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
  resolveDefaultsModeConfig,
  resolveRegionConfig,
} = requirePackage('@smithy/core/config') as typeof import('@smithy/core/config');
const { EndpointCache, resolveEndpointConfig } = requirePackage(
  '@smithy/core/endpoints',
) as typeof import('@smithy/core/endpoints');
const { getContentLengthPlugin, parseUrl } = requirePackage(
  '@smithy/core/protocols',
) as typeof import('@smithy/core/protocols');
const {
  DEFAULT_RETRY_MODE,
  getRetryPlugin,
  NODE_MAX_ATTEMPT_CONFIG_OPTIONS,
  NODE_RETRY_MODE_CONFIG_OPTIONS,
  resolveRetryConfig,
} = requirePackage('@smithy/core/retry') as typeof import('@smithy/core/retry');
const { getSchemaSerdePlugin } = requirePackage(
  '@smithy/core/schema',
) as typeof import('@smithy/core/schema');
const { calculateBodyLength, fromBase64, fromUtf8, toBase64, toUtf8 } = requirePackage(
  '@smithy/core/serde',
) as typeof import('@smithy/core/serde');
export const { NodeHttpHandler, streamCollector } = requirePackage(
  '@smithy/node-http-handler',
) as typeof import('@smithy/node-http-handler');

export interface ClientSettings {
  readonly region: string;
  /** In place of the endpoint of the environment, of configuration files, and AWS's own. */
  readonly endpoint?: string;
  /** The SDK's chain where there are none. */
  readonly credentials?: CredentialsProvider;
  /** As AWS_MAX_ATTEMPTS says where it is not said here: 3. */
  readonly maxAttempts?: number;
  readonly requestHandler?: Handler | NodeHttpHandlerOptions;
}

const { version: CORE_VERSION } = requirePackage('@aws-sdk/core/package.json') as { version: string };

const SIGV4 = 'aws.auth#sigv4';
const SCHEME: HttpAuthScheme = {
  schemeId: SIGV4,
  identityProvider: (identities) => identities.getIdentityProvider(SIGV4),
  signer: new AwsSdkSigV4Signer(),
};
const ENDPOINTS_KEPT = 50;

/** What the middleware of all clients reads, settled by `resolve…Config` in the SDK's order. */
function configOf(service: Service, settings: ClientSettings) {
  const { serviceId, version, name } = service;
  const defaultsMode = resolveDefaultsModeConfig({});
  const defaults = () => defaultsMode().then(loadConfigsForDefaultMode);
  const endpoints = new EndpointCache({ size: ENDPOINTS_KEPT, params: ENDPOINT_PARAMETERS });
  const config = {
    apiVersion: version,
    serviceId,
    protocol: new service.protocol({
      defaultNamespace: NAMESPACE,
      xmlNamespace: service.xmlNamespace ?? '',
      version,
      serviceTarget: service.target ?? '',
    }),
    runtime: 'node',
    defaultsMode,
    base64Decoder: fromBase64,
    base64Encoder: toBase64,
    utf8Decoder: fromUtf8,
    utf8Encoder: toUtf8,
    urlParser: parseUrl,
    logger: new NoOpLogger(),
    disableHostPrefix: false,
    bodyLengthChecker: calculateBodyLength,
    streamCollector,
    sha256: Sha256,
    credentialDefaultProvider: defaultProvider,
    defaultSigningName: name,
    httpAuthSchemes: [SCHEME],
    httpAuthSchemeProvider: ({ region }: SigningParameters) => [signingOption(name, region)],
    authSchemePreference: normalizeProvider([]),
    endpointProvider: (parameters: EndpointParameters) =>
      endpoints.get({ ...parameters }, () => ({ url: new URL(endpointOf(service, parameters)) })),
    accountIdEndpointMode: loadConfig(NODE_ACCOUNT_ID_ENDPOINT_MODE_CONFIG_OPTIONS),
    defaultUserAgentProvider: createDefaultUserAgentProvider({ serviceId, clientVersion: CORE_VERSION }),
    userAgentAppId: loadConfig(NODE_APP_ID_CONFIG_OPTIONS),
    useDualstackEndpoint: loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS),
    useFipsEndpoint: loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS),
    retryMode: loadConfig({
      ...NODE_RETRY_MODE_CONFIG_OPTIONS,
      default: async () => (await defaults()).retryMode || DEFAULT_RETRY_MODE,
    }),
    ...settings,
    maxAttempts: settings.maxAttempts ?? loadConfig(NODE_MAX_ATTEMPT_CONFIG_OPTIONS),
    requestHandler: NodeHttpHandler.create(settings.requestHandler ?? defaults),
  };
  const resolved = resolveEndpointConfig(
    resolveHostHeaderConfig(
      resolveRegionConfig(
        resolveRetryConfig(resolveUserAgentConfig(resolveAccountIdEndpointModeConfig(config))),
      ),
    ),
  );
  return resolveAwsSdkSigV4Config(resolved);
}

interface SigningParameters extends HttpAuthSchemeParameters {
  readonly region: string;
}

function signingOption(name: string, region: string): HttpAuthOption {
  return {
    schemeId: SIGV4,
    signingProperties: { name, region },
    propertiesExtractor: (config: unknown, context: unknown) => ({ signingProperties: { config, context } }),
  };
}

type Config = ReturnType<typeof configOf>;

export class ServiceClient extends Client<HttpHandlerOptions, object, MetadataBearer, Config> {
  constructor(service: Service, settings: ClientSettings) {
    const config = configOf(service, settings);
    super(config);
    const { middlewareStack } = this;
    middlewareStack.use(getSchemaSerdePlugin(config));
    middlewareStack.use(getUserAgentPlugin(config));
    middlewareStack.use(getRetryPlugin(config));
    middlewareStack.use(getContentLengthPlugin(config));
    middlewareStack.use(getHostHeaderPlugin(config));
    middlewareStack.use(getLoggerPlugin(config));
    middlewareStack.use(getRecursionDetectionPlugin(config));
    middlewareStack.use(
      getHttpAuthSchemeEndpointRuleSetPlugin(config, {
        httpAuthSchemeParametersProvider: async ({ region }): Promise<SigningParameters> => ({
          region: await region(),
        }),
        identityProviderConfigProvider: async ({ credentials }) =>
          new DefaultIdentityProviderConfig({ [SIGV4]: credentials }),
      }),
    );
    middlewareStack.use(getHttpSigningPlugin(config));
  }
}

// What a client has to know of an AWS service: where it is, its protocol, and the shapes of the few operations that are called,
// in the form that the SDK's own clients have them (decision 0020).

import type { SmithyResolvedConfiguration } from '@smithy/core/client';
import type {
  $ClientProtocol,
  $SchemaRef,
  ClientProtocol,
  Command,
  EndpointParameterInstructions,
  HttpHandlerOptions,
  HttpRequest,
  HttpResponse,
  MetadataBearer,
  SchemaTraits,
} from '@smithy/types';
import { requirePackage } from '../../../packages.ts';
import type { EndpointRules } from './endpoints.ts';

const { makeBuilder } = requirePackage('@smithy/core/client') as typeof import('@smithy/core/client');
const { getEndpointPlugin } = requirePackage(
  '@smithy/core/endpoints',
) as typeof import('@smithy/core/endpoints');

export const { AwsJson1_0Protocol, AwsJson1_1Protocol, AwsQueryProtocol, AwsRestJsonProtocol } =
  requirePackage('@aws-sdk/core/protocols') as typeof import('@aws-sdk/core/protocols');

export interface Service extends EndpointRules {
  /** As the SDK has it: `EventBridge`. AWS_ENDPOINT_URL_… and the configuration file go by it. */
  readonly serviceId: string;
  readonly protocol: new (
    settings: ProtocolSettings,
  ) => ClientProtocol<HttpRequest, HttpResponse> & $ClientProtocol<HttpRequest, HttpResponse>;
  /** Of the API: `2012-11-05`. */
  readonly version: string;
  /** Before the operation in X-Amz-Target, of JSON protocols. */
  readonly target?: string;
  /** Of query protocols. */
  readonly xmlNamespace?: string;
}

interface ProtocolSettings {
  readonly defaultNamespace: string;
  readonly version: string;
  readonly serviceTarget: string;
  readonly xmlNamespace: string;
}

export type CommandOf<Input extends object, Output> = Command<
  object,
  Input,
  MetadataBearer,
  Output & MetadataBearer,
  SmithyResolvedConfiguration<HttpHandlerOptions>
>;

/** Of shapes; it is not sent. */
export const NAMESPACE = 'postern';

/** What endpointOf asks for, by the names of a client's settings. */
const REGION_PARAMETERS: EndpointParameterInstructions = {
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
};

/** Credentials are asked for accounts, so services without such endpoints do without. */
const ACCOUNT_PARAMETERS: EndpointParameterInstructions = {
  AccountId: { type: 'builtInParams', name: 'accountId' },
  AccountIdEndpointMode: { type: 'builtInParams', name: 'accountIdEndpointMode' },
};

/** By their names. */
export const ENDPOINT_PARAMETERS = Object.keys({ ...REGION_PARAMETERS, ...ACCOUNT_PARAMETERS });

/** An operation as a class of commands. Members that `input` does not have are not sent. */
export function operation<Input extends object, Output = object>(
  service: Service,
  name: string,
  input: $SchemaRef,
  output: $SchemaRef = 'unit',
  traits: SchemaTraits = 0,
): new (
  input: Input,
) => CommandOf<Input, Output> {
  const command = makeBuilder(REGION_PARAMETERS, service.serviceId, service.serviceId, getEndpointPlugin);
  const added = service.accountName === undefined ? {} : ACCOUNT_PARAMETERS;
  return command<Input, Output & MetadataBearer>(added, () => [], name, [
    9,
    NAMESPACE,
    name,
    traits,
    input,
    output,
  ]);
}

/** An operation's path and method, of REST protocols. */
export function http(method: string, path: string): SchemaTraits {
  return { http: [method, path, 200] };
}

export function structure(members: Readonly<Record<string, $SchemaRef>>): $SchemaRef {
  return [3, NAMESPACE, 'Structure', 0, Object.keys(members), Object.values(members)];
}

export function list(of: $SchemaRef): $SchemaRef {
  return [1, NAMESPACE, 'List', 0, of];
}

export function map(key: $SchemaRef, value: $SchemaRef): $SchemaRef {
  return [2, NAMESPACE, 'Map', 0, key, value];
}

export const TEXT = 0;
export const NUMBER = 1;
export const TIME = 4;
export const BYTES = 21;
export const TEXTS = 64;
export const TEXTS_BY_NAME = 128;

/** Where REST protocols have a member. */
export const IN_PATH: $SchemaRef = [TEXT, 1];
/** All of the body. */
export const BODY: $SchemaRef = [[0, NAMESPACE, 'Body', 0, BYTES], 16];
export const inQuery = (httpQuery: string): $SchemaRef => [TEXT, { httpQuery }];
export const inHeader = (httpHeader: string): $SchemaRef => [TEXT, { httpHeader }];

/** A member that query protocols spell as `xmlName`, its elements not inside another. */
export const flattened = (xmlName: string, member: $SchemaRef): $SchemaRef => [
  member,
  { xmlName, xmlFlattened: 1 },
];

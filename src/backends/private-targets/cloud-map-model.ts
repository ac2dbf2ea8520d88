// AWS Cloud Map, as the instances of a service are found there.

import {
  AwsJson1_1Protocol,
  list,
  NUMBER,
  operation,
  type Service,
  structure,
  TEXT,
  TEXTS_BY_NAME,
} from '../aws/client/service.ts';

export const CLOUD_MAP: Service = {
  serviceId: 'ServiceDiscovery',
  name: 'servicediscovery',
  protocol: AwsJson1_1Protocol,
  version: '2017-03-14',
  target: 'Route53AutoNaming_v20170314',
};

interface ById {
  readonly Id: string | undefined;
}

interface GetServiceOutput {
  readonly Service?: { readonly Name?: string; readonly NamespaceId?: string };
}

export const GetService = operation<ById, GetServiceOutput>(
  CLOUD_MAP,
  'GetService',
  structure({ Id: TEXT }),
  structure({ Service: structure({ Name: TEXT, NamespaceId: TEXT }) }),
);

interface GetNamespaceOutput {
  readonly Namespace?: { readonly Name?: string };
}

export const GetNamespace = operation<ById, GetNamespaceOutput>(
  CLOUD_MAP,
  'GetNamespace',
  structure({ Id: TEXT }),
  structure({ Namespace: structure({ Name: TEXT }) }),
);

interface DiscoverInstancesInput {
  readonly NamespaceName: string;
  readonly ServiceName: string;
  readonly MaxResults: number;
  readonly QueryParameters: Readonly<Record<string, string>>;
  readonly HealthStatus: 'HEALTHY';
}

interface DiscoverInstancesOutput {
  readonly Instances?: readonly { readonly Attributes?: Readonly<Record<string, string>> }[];
}

export const DiscoverInstances = operation<DiscoverInstancesInput, DiscoverInstancesOutput>(
  CLOUD_MAP,
  'DiscoverInstances',
  structure({
    NamespaceName: TEXT,
    ServiceName: TEXT,
    MaxResults: NUMBER,
    QueryParameters: TEXTS_BY_NAME,
    HealthStatus: TEXT,
  }),
  structure({ Instances: list(structure({ Attributes: TEXTS_BY_NAME })) }),
  { endpoint: ['data-'] },
);

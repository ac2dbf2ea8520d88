// Targets by AWS Cloud Map: DiscoverInstances of the service, with the query of its ARN as attributes (spec/http-api.md
// §3.5), with the AWS SDK's standard settings.
import type { PrivateTarget } from '../../grammar/arn.ts';
import { leaveOutHostPrefix } from '../aws/host-prefix.ts';
import type { TargetAddress } from './target-group.ts';

type CloudMapService = PrivateTarget & { kind: 'cloudMapService' };

const MAX_INSTANCES = 1_000;

/** Finds the healthy instances of a service, now and each time it is called. Throws the SDK's error. */
export async function createDiscovery(service: CloudMapService): Promise<() => Promise<TargetAddress[]>> {
  const [{ ServiceClient }, { CLOUD_MAP, GetService, GetNamespace, DiscoverInstances }] = await Promise.all([
    import('../aws/client/client.ts'),
    import('./cloud-map-model.ts'),
  ]);
  const client = new ServiceClient(CLOUD_MAP, { region: service.region, maxAttempts: 2 });
  // Where DiscoverInstances is, of AWS's own host names.
  leaveOutHostPrefix('data-', client);
  const QueryParameters = queryAttributes(service.query);
  let names: { readonly NamespaceName: string; readonly ServiceName: string } | undefined;
  return async () => {
    if (names === undefined) {
      const { Service } = await client.send(new GetService({ Id: service.serviceId }));
      const { Namespace } = await client.send(new GetNamespace({ Id: Service?.NamespaceId }));
      names = { NamespaceName: Namespace?.Name ?? '', ServiceName: Service?.Name ?? '' };
    }
    const { Instances = [] } = await client.send(
      new DiscoverInstances({
        ...names,
        QueryParameters,
        HealthStatus: 'HEALTHY',
        MaxResults: MAX_INSTANCES,
      }),
    );
    return Instances.flatMap(({ Attributes = {} }) => {
      // An instance needs an address and a port; A records alone are not enough.
      const host = Attributes.AWS_INSTANCE_IPV4 ?? Attributes.AWS_INSTANCE_IPV6;
      const port = Number(Attributes.AWS_INSTANCE_PORT);
      return host === undefined || !(port > 0) ? [] : [{ host, port, weight: 1 }];
    });
  };
}

/** The pairs of `stage=prod&deployment=green`. */
export function queryAttributes(query: string | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query ?? ''));
}

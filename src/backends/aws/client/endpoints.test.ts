// Endpoints beside those of the AWS SDK's clients (decision 0020).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type EndpointParameters, endpointOf } from './endpoints.ts';
import { SDK_CLIENTS } from './sdk-clients.test.support.ts';

describe('an endpoint is the same', () => {
  const regions = [
    ...[
      'us-east-1',
      'eu-west-1',
      'af-south-1',
      'cn-north-1',
      'us-gov-west-1',
      'us-gov-east-1',
      'us-iso-east-1',
    ],
    ...['us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1', 'eusc-de-east-1', 'mars-north-1', undefined],
  ];
  const modes = ['preferred', 'required', 'disabled', undefined];
  const accounts = ['000000000000', 'no account', undefined];
  const endpoints = [undefined, 'http://127.0.0.1:4566', 'https://proxy.example/aws/'];
  for (const [service, make] of SDK_CLIENTS) {
    test(service.serviceId, () => {
      const { config } = make({ region: 'us-east-1' });
      const withAccounts = service.accountName !== undefined;
      for (const Region of regions)
        for (const Endpoint of endpoints)
          for (const UseFIPS of [false, true])
            for (const UseDualStack of [false, true])
              for (const AccountId of withAccounts ? accounts : [undefined])
                for (const AccountIdEndpointMode of withAccounts ? modes : [undefined]) {
                  const all = { Region, Endpoint, UseFIPS, UseDualStack, AccountId, AccountIdEndpointMode };
                  const given = Object.fromEntries(
                    Object.entries(all).filter(([, value]) => value !== undefined),
                  ) as EndpointParameters;
                  const own = resultOf(() => new URL(endpointOf(service, given)).href);
                  const operation = withAccounts ? { OperationType: 'data' } : {};
                  const theirs = resultOf(() => config.endpointProvider({ ...given, ...operation }).url.href);
                  assert.deepEqual(own, theirs, JSON.stringify(given));
                }
    });
  }
});

function resultOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

// The VPC link of an integration. Links that are not there are not accepted (spec/management-api.md §8.5).
import { vpcLinksOf } from '../../config/keys.ts';
import { badRequest } from '../../wire/errors.ts';
import type { IntegrationScope } from './integration-document.ts';

/** Throws a BadRequestException when the account has no such VPC link in the region. */
export async function requireVpcLink(connectionId: string, { context }: IntegrationScope): Promise<void> {
  if ((await context.tx.get([...vpcLinksOf(context), connectionId])) !== undefined) return;
  throw badRequest(`Invalid VpcLink identifier specified: ${connectionId}`);
}

// Resources named in a request's path: where they are stored, and the 404 of each (spec/management-api.md §1.5,
// Appendix A). A resource's path is its store key: /v2/apis/{ApiId}/routes/{RouteId} is [..., 'apis', id, 'routes', id].
import type { Place } from '../config/keys.ts';
import type { Document, Key } from '../store/store.ts';
import { notFound } from '../wire/errors.ts';
import { type Operation, type OperationName, operationNamed } from '../wire/operation.ts';
import type { AnyInput } from '../wire/parse.ts';
import type { ReadContext } from './context.ts';

/** The text of the 404 for each path label that names a stored resource. */
const MISSING: Readonly<Record<string, (id: string, place: Place) => string>> = {
  ApiId: (id, { account }) => `Invalid API identifier specified ${account}:${id}`,
  AuthorizerId: (id) => `Invalid Authorizer identifier specified ${id}`,
  DeploymentId: () => 'Invalid deployment identifier specified',
  IntegrationId: (id) => `Invalid Integration identifier specified ${id}`,
  IntegrationResponseId: (id) => `Invalid IntegrationResponse identifier specified ${id}`,
  ModelId: (id) => `Invalid Model identifier specified ${id}`,
  RouteId: (id) => `Invalid Route identifier specified ${id}`,
  RouteResponseId: (id) => `Invalid RouteResponse identifier specified ${id}`,
  StageName: () => 'Invalid stage identifier specified',
  DomainName: () => 'Invalid domain name identifier specified',
  ApiMappingId: () => 'The api mapping resource specified in the request was not found.',
  RoutingRuleId: (id) => `Invalid RoutingRule identifier specified ${id}`,
  VpcLinkId: (id) => `Invalid VpcLink identifier specified ${id}`,
};

/** Whether a label of paths names a stored resource. */
export function namesResource(label: string): boolean {
  return MISSING[label] !== undefined;
}

interface Step {
  readonly collection: string;
  readonly label: string;
}

const stepsByOperation = new Map<Operation, readonly Step[]>();

/** Where the path of an operation leads: the document's key, or the collection's for Create and lists. */
export function pathKey(operation: Operation, input: AnyInput, { account, region }: Place): Key {
  const segments = operation.path.slice('/v2/'.length).split('/');
  return [account, region, ...segments.map((segment) => filledIn(segment, input))];
}

function filledIn(segment: string, input: AnyInput): string {
  return segment.startsWith('{') ? String(input[segment.slice(1, -1)]) : segment;
}

/** Reads the resources in the path of a request, from left to right. Throws the NotFoundException of the first that is
 *  not there. */
export async function requirePath(
  name: OperationName,
  input: AnyInput,
  context: Pick<ReadContext, 'tx' | 'account' | 'region'>,
): Promise<readonly Document[]> {
  const found: Document[] = [];
  let key: Key = [context.account, context.region];
  for (const { collection, label } of stepsOf(operationNamed(name))) {
    const id = String(input[label]);
    key = [...key, collection, id];
    const document = await context.tx.get(key);
    if (document === undefined) throw notFound(MISSING[label]!(id, context));
    found.push(document);
  }
  return found;
}

function stepsOf(operation: Operation): readonly Step[] {
  let steps = stepsByOperation.get(operation);
  if (steps === undefined) {
    steps = stepsIn(operation.path);
    stepsByOperation.set(operation, steps);
  }
  return steps;
}

function stepsIn(path: string): readonly Step[] {
  const segments = path.slice('/v2/'.length).split('/');
  const steps: Step[] = [];
  for (let i = 1; i < segments.length; i += 2) {
    const label = segments[i]!.slice(1, -1);
    if (!namesResource(label)) break;
    steps.push({ collection: segments[i - 1]!, label });
  }
  return steps;
}

// What is different between two states of an API, as deployments freeze them, for people: parts that were added, removed and changed.
// Parts that were made anew under the same name are the same parts.
import { isDeepStrictEqual } from 'node:util';
import type { FrozenApi } from '../../config/frozen.ts';
import { parseRouteTarget } from '../../grammar/route-target.ts';
import { type IntegrationDocument, printIntegration } from '../integration/integration-document.ts';

type Document = FrozenApi['Api'];

export interface PartChange {
  readonly kind: PartKind;
  /** `GET /pets`, `x1y2z3a of GET /pets`, `$default of GET /pets`; of a setting of the API its member. */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: object;
  readonly after?: object;
}

export type PartKind =
  | 'route'
  | 'integration'
  | 'integrationResponse'
  | 'routeResponse'
  | 'authorizer'
  | 'model'
  | 'cors'
  | 'selectionExpression'
  | 'setting';

/** In the order in which somebody reads them: routes with what is behind them first, each kind by name. */
export function diffDeployments(from: FrozenApi, to: FrozenApi): readonly PartChange[] {
  const routes = paired(from.Routes, to.Routes, 'RouteId', 'RouteKey');
  const authorizers = paired(from.Authorizers, to.Authorizers, 'AuthorizerId', 'Name');
  const models = paired(from.Models, to.Models, 'ModelId', 'Name');
  const integrations = pairedIntegrations(from, to, routes);
  const sameIds = new Map([
    ...idPairs(integrations, 'IntegrationId'),
    ...idPairs(authorizers, 'AuthorizerId'),
    ...idPairs(routes, 'RouteId'),
  ]);
  const ofIntegrations = below(from, to, 'IntegrationResponses', 'IntegrationId', sameIds);
  const ofRoutes = below(from, to, 'RouteResponses', 'RouteId', sameIds);
  const protocol = String(to.Api.ProtocolType);
  const owners = ownersOf(from, to);
  const nameOfKey = (member: string, owner: string) => (document: Document) =>
    `${String(document[member])} of ${owners.get(String(document[owner])) ?? String(document[owner])}`;
  return [
    ...changes('route', routes, ({ RouteKey }) => String(RouteKey), {
      without: ['RouteId'],
      shown: (document, isBefore) => (isBefore ? withSameIds(document, sameIds) : document),
    }),
    ...changes(
      'integration',
      integrations,
      ({ IntegrationId }) => owners.get(String(IntegrationId)) ?? String(IntegrationId),
      {
        without: ['IntegrationId'],
        shown: (document) =>
          printIntegration(document as unknown as IntegrationDocument, protocol) as Document,
      },
    ),
    ...changes('integrationResponse', ofIntegrations, nameOfKey('IntegrationResponseKey', 'IntegrationId'), {
      without: ['IntegrationResponseId', 'IntegrationId'],
    }),
    ...changes('routeResponse', ofRoutes, nameOfKey('RouteResponseKey', 'RouteId'), {
      without: ['RouteResponseId', 'RouteId'],
    }),
    ...changes('authorizer', authorizers, ({ Name }) => String(Name), { without: ['AuthorizerId'] }),
    ...changes('model', models, ({ Name }) => String(Name), { without: ['ModelId'] }),
    ...settingChanges(from.Api, to.Api),
  ];
}

/** A part before and after. */
interface Pair {
  readonly before: Document | undefined;
  readonly after: Document | undefined;
}

type Documents = readonly Document[] | undefined;

/** Parts are the same by their ids; those left over by their names. */
function paired(before: Documents = [], after: Documents = [], id: string, name: string): readonly Pair[] {
  return pairsBy(
    before,
    after,
    (each) => each[id],
    (each) => each[name],
  );
}

function pairsBy(
  before: readonly Document[],
  after: readonly Document[],
  ...identities: readonly ((document: Document) => unknown)[]
): readonly Pair[] {
  const pairs: Pair[] = [];
  let [left, right] = [before, after];
  for (const identityOf of identities) {
    const known = new Map(right.map((each) => [identityOf(each), each]));
    const rest: Document[] = [];
    for (const each of left) {
      const other = known.get(identityOf(each));
      if (other === undefined) rest.push(each);
      else {
        known.delete(identityOf(each));
        pairs.push({ before: each, after: other });
      }
    }
    const taken = new Set(pairs.map((pair) => pair.after));
    [left, right] = [rest, right.filter((each) => !taken.has(each))];
  }
  return [
    ...pairs,
    ...left.map((each) => ({ before: each, after: undefined })),
    ...right.map((each) => ({ before: undefined, after: each })),
  ];
}

/** Integrations have no names: those left over are the same where the same route leads to them. */
function pairedIntegrations(from: FrozenApi, to: FrozenApi, routes: readonly Pair[]): readonly Pair[] {
  const routeOf = new Map<string, string>();
  for (const { before, after } of routes) {
    const [old, now] = [targetOf(before), targetOf(after)];
    if (old !== undefined && now !== undefined && !routeOf.has(now)) routeOf.set(now, old);
  }
  const idOf = ({ IntegrationId }: Document) => String(IntegrationId);
  const ofBefore = new Set(from.Integrations.map(idOf));
  // By the id that the integration had before.
  const formerId = (each: Document) =>
    ofBefore.has(idOf(each)) ? idOf(each) : (routeOf.get(idOf(each)) ?? idOf(each));
  return pairsBy(from.Integrations, to.Integrations, idOf, formerId);
}

function targetOf(route: Document | undefined): string | undefined {
  return typeof route?.Target === 'string' ? parseRouteTarget(route.Target) : undefined;
}

function idPairs(pairs: readonly Pair[], id: string): readonly (readonly [before: string, after: string])[] {
  return pairs.flatMap(({ before, after }) =>
    before === undefined || after === undefined ? [] : [[String(before[id]), String(after[id])] as const],
  );
}

/** Responses are the same by their keys, below parts that are the same. */
function below(
  from: FrozenApi,
  to: FrozenApi,
  kind: 'IntegrationResponses' | 'RouteResponses',
  owner: 'IntegrationId' | 'RouteId',
  sameIds: ReadonlyMap<string, string>,
): readonly Pair[] {
  const key = kind === 'IntegrationResponses' ? 'IntegrationResponseKey' : 'RouteResponseKey';
  const moved = (from[kind] ?? []).map((each) => {
    const id = String(each[owner]);
    return { ...each, [owner]: sameIds.get(id) ?? id };
  });
  return pairsBy(moved, to[kind] ?? [], (each) => `${String(each[owner])} ${String(each[key])}`);
}

/** A route whose integration and authorizer have the ids that they have afterwards. */
function withSameIds(route: Document, sameIds: ReadonlyMap<string, string>): Document {
  const { AuthorizerId, ...rest } = route;
  const target = targetOf(route);
  const same = target === undefined ? undefined : sameIds.get(target);
  const authorizer = AuthorizerId === undefined ? undefined : String(AuthorizerId);
  return {
    ...rest,
    ...(authorizer === undefined ? {} : { AuthorizerId: sameIds.get(authorizer) ?? authorizer }),
    ...(same === undefined ? {} : { Target: `integrations/${same}` }),
  };
}

/** What responses and integrations are of, by the ids of these. */
function ownersOf(from: FrozenApi, to: FrozenApi): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { Routes, Integrations } of [from, to]) {
    for (const { IntegrationId } of Integrations) {
      const id = String(IntegrationId);
      const keys = Routes.filter((route) => targetOf(route) === id).map(({ RouteKey }) => String(RouteKey));
      if (keys.length > 0 || !owners.has(id))
        owners.set(id, keys.length === 0 ? id : `${id} of ${keys.join(', ')}`);
    }
    for (const { RouteId, RouteKey } of Routes) owners.set(String(RouteId), String(RouteKey));
  }
  return owners;
}

interface Showing {
  /** Members that say nothing to a reader. */
  readonly without: readonly string[];
  readonly shown?: (document: Document, isBefore: boolean) => Document;
}

function changes(
  kind: PartKind,
  pairs: readonly Pair[],
  nameOf: (document: Document) => string,
  { without, shown = (document) => document }: Showing,
): readonly PartChange[] {
  const show = (document: Document, isBefore: boolean): Document =>
    Object.fromEntries(
      Object.entries(shown(document, isBefore)).filter(([member]) => !without.includes(member)),
    );
  return pairs
    .map(({ before, after }) => ({
      name: nameOf((after ?? before)!),
      before: before && show(before, true),
      after: after && show(after, false),
    }))
    .filter(({ before, after }) => !isDeepStrictEqual(before, after))
    .map(({ name, before, after }) => changeOf(kind, name, before, after))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function changeOf(kind: PartKind, name: string, before?: object, after?: object): PartChange {
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return {
    kind,
    name,
    change,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/** What a deployment serves of the API's own document. */
const SETTINGS: readonly (readonly [member: string, kind: PartKind])[] = [
  ['CorsConfiguration', 'cors'],
  ['RouteSelectionExpression', 'selectionExpression'],
  ['ApiKeySelectionExpression', 'selectionExpression'],
  ['DisableExecuteApiEndpoint', 'setting'],
  ['DisableSchemaValidation', 'setting'],
];

function settingChanges(before: Document, after: Document): readonly PartChange[] {
  const only = (document: Document, member: string) =>
    document[member] === undefined ? undefined : { [member]: document[member] };
  return SETTINGS.filter(([member]) => !isDeepStrictEqual(before[member], after[member])).map(
    ([member, kind]) => changeOf(kind, member, only(before, member), only(after, member)),
  );
}

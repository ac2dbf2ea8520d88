// What an API of a stack has besides what its definition says: left alone, and told (spec/definitions.md §11.4.5).

import {
  apiKeyOf,
  authorizersOf,
  deploymentsOf,
  integrationsOf,
  madeOfBodyKey,
  modelsOf,
  routesOf,
  stackResourcesOf,
  stacksOf,
  stagesOf,
} from '../../../config/keys.ts';
import { API } from '../../../definitions/type-names.ts';
import type { Document, Key } from '../../../store/store.ts';
import type { Context } from '../../context.ts';
import { listAll } from '../../document-list.ts';
import type { Deployment } from '../deployment.ts';
import type { StackRun } from '../stack-run.ts';
import type { StackDocument, StackResourceDocument } from '../stored/stack-document.ts';

interface Kind {
  readonly collection: (apiKey: Key) => Key;
  /** A resource as a person knows it. */
  readonly called: (document: Document, id: string) => string;
}

const KINDS: readonly Kind[] = [
  { collection: routesOf, called: ({ RouteKey }) => `route ${RouteKey}` },
  { collection: integrationsOf, called: (_, id) => `integration ${id}` },
  { collection: authorizersOf, called: ({ Name }) => `authorizer ${Name}` },
  { collection: modelsOf, called: ({ Name }) => `model ${Name}` },
  { collection: stagesOf, called: (_, id) => `stage ${id}` },
  { collection: deploymentsOf, called: (_, id) => `deployment ${id}` },
];

export async function sayOfHandMade(deployment: Deployment, runs: readonly StackRun[]): Promise<void> {
  const { context, findings } = deployment;
  const own = new Set(runs.flatMap(({ written }) => [...written.values()].map(ownIdOf)));
  let ofStacks: ReadonlySet<string> | undefined;
  for (const { stack, written } of runs) {
    for (const { LogicalId, Type, PhysicalId, IsElsewhere } of written.values()) {
      if (Type !== API || IsElsewhere === true) continue;
      let others = await othersIn(context, PhysicalId, own);
      if (others.length === 0) continue;
      ofStacks ??= await idsOfStacks(context);
      others = others.filter(({ id }) => !ofStacks!.has(id));
      if (others.length === 0) continue;
      const names = others.map(({ called }) => called).join(', ');
      findings.push({
        severity: 'note',
        text: `${LogicalId} has what no stack made, and keeps it: ${names}`,
        logicalId: stack.source.prefix + LogicalId,
        type: Type,
        offset: stack.resources.get(LogicalId)?.offset,
      });
    }
  }
}

/** An id with the API that it is in: names of stages are no ids of their own. */
function ownIdOf({ PhysicalId, Properties }: StackResourceDocument): string {
  return `${Properties.ApiId}/${PhysicalId}`;
}

interface Other {
  readonly id: string;
  readonly called: string;
}

async function othersIn(
  context: Context,
  apiId: string,
  own: ReadonlySet<string>,
): Promise<readonly Other[]> {
  const { tx } = context;
  const apiKey = apiKeyOf(context, apiId);
  const { Parts = {} } = (await tx.get(madeOfBodyKey(apiKey))) ?? {};
  const others: Other[] = [];
  for (const { collection, called } of KINDS) {
    const { entries } = await tx.list(collection(apiKey));
    for (const { key, document } of entries) {
      const name = key.at(-1)!;
      const id = `${apiId}/${name}`;
      const isTheServices = document.ApiGatewayManaged === true || document.AutoDeployed === true;
      if (isTheServices || own.has(id) || Object.hasOwn(Parts as object, name)) continue;
      others.push({ id, called: called(document, name) });
    }
  }
  return others;
}

async function idsOfStacks(context: Context): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const { StackName } of await listAll<StackDocument>(context.tx, stacksOf(context))) {
    const resources = await listAll<StackResourceDocument>(context.tx, stackResourcesOf(context, StackName));
    for (const resource of resources) ids.add(ownIdOf(resource));
  }
  return ids;
}

// Events that make paths, and the API that they belong to when they name none (spec/definitions.md §8.5.1, §8.5.2, §8.5.7, §8.5.8).
import { combinedConditions } from './conditions.ts';
import {
  entries,
  get,
  has,
  isMap,
  isTruthy,
  madeMap,
  set,
  stringOf,
  type Tree,
  type TreeMap,
} from './editing.ts';
import type { Expansion } from './expansion.ts';
import { globalProperty } from './globals.ts';
import { reorderAsUpdated, tableOrder } from './hash-order.ts';
import { onlyIf, ref, referredTo } from './intrinsics.ts';
import {
  blameEvent,
  blameResource,
  expectMap,
  expectString,
  type Invalid,
  InvalidDocument,
  InvalidEvent,
} from './invalid.ts';
import { ANY_METHOD, addOperation, makeConditional, pathsOf } from './path-items.ts';

/** One of the two kinds of API that events make paths of. */
export interface ImplicitKind {
  readonly eventType: 'HttpApi' | 'Api';
  readonly apiType: 'AWS::Serverless::HttpApi' | 'AWS::Serverless::Api';
  /** The property of an event that names its API. */
  readonly idProperty: 'ApiId' | 'RestApiId';
  /** Of the implicit API. */
  readonly logicalId: string;
  readonly properties: (at: number) => TreeMap;
  readonly isDocument: (body: Tree | undefined) => boolean;
}

const OWNERS = ['AWS::Serverless::Function', 'AWS::Serverless::StateMachine'];

/** Who has an event: what the API takes over from it. */
interface Owner {
  readonly type: string;
  readonly tree: TreeMap;
  readonly condition: string | undefined;
}

export function addImplicitApi(expansion: Expansion, kind: ImplicitKind, isHashed: boolean): void {
  new ImplicitApi(expansion, kind, isHashed).add();
}

class ImplicitApi {
  readonly #expansion: Expansion;
  readonly #kind: ImplicitKind;
  readonly #isHashed: boolean;
  /** By API, path and method: the condition of the operation's owner. */
  readonly #conditions = new Map<string, Map<string, Map<string, string | undefined>>>();
  readonly #policies = { DeletionPolicy: new Set<string>(), UpdateReplacePolicy: new Set<string>() };

  constructor(expansion: Expansion, kind: ImplicitKind, isHashed: boolean) {
    this.#isHashed = isHashed;
    this.#expansion = expansion;
    this.#kind = kind;
  }

  add(): void {
    const { resources, managed } = this.#expansion;
    const { logicalId, apiType, properties } = this.#kind;
    const replaced = resources.members.get(logicalId);
    const wasManaged = managed.has(logicalId);
    const implicit = madeMap(this.#offset(), { Type: apiType, Properties: properties(this.#offset()) });
    set(resources, logicalId, implicit);
    managed.add(logicalId);
    const errors = this.#readEvents();
    this.#finish(implicit);
    if (pathsOf(get(get(implicit, 'Properties'), 'DefinitionBody') as TreeMap).members.size === 0) {
      resources.members.delete(logicalId);
      if (replaced !== undefined) resources.members.set(logicalId, replaced);
      if (!wasManaged) managed.delete(logicalId);
    }
    if (errors.length > 0) throw new InvalidDocument(errors);
  }

  /** Where the first of its events is written: that is what the implicit API came from. */
  #offset(): number {
    for (const [, resource] of this.#owners()) {
      for (const [, event] of this.#eventsOf(resource)) return event.offset;
    }
    return this.#expansion.resources.offset;
  }

  #owners(): [string, TreeMap][] {
    return entries(this.#expansion.resources).filter(
      (entry): entry is [string, TreeMap] =>
        isMap(entry[1]) && OWNERS.includes(stringOf(get(entry[1], 'Type')) ?? ''),
    );
  }

  /** In the order of a hash table, whatever the template: which of several faults is told depends on it. */
  #eventsOf(resource: TreeMap): [string, TreeMap][] {
    const events = get(get(resource, 'Properties'), 'Events');
    const own = entries(events).filter(
      ([, event]) => isMap(event) && stringOf(get(event, 'Type')) === this.#kind.eventType,
    );
    return tableOrder(own.map(([eventId]) => eventId)).map((id) => [id, get(events, id) as TreeMap]);
  }

  #readEvents(): Invalid[] {
    const errors: Invalid[] = [];
    for (const [logicalId, tree] of this.#owners()) {
      const owner: Owner = {
        type: stringOf(get(tree, 'Type'))!,
        tree,
        condition: stringOf(get(tree, 'Condition')),
      };
      try {
        const own = this.#eventsOf(tree);
        for (const [eventId, event] of own) this.#readEvent(owner, eventId, event);
        const events = get(get(tree, 'Properties'), 'Events');
        if (this.#isHashed && isMap(events) && own.length > 0) reorderAsUpdated(events, own.length);
      } catch (error) {
        if (!(error instanceof InvalidEvent)) throw error;
        errors.push(blameResource(logicalId, error.offset)(error.message));
      }
    }
    return errors;
  }

  #readEvent(owner: Owner, eventId: string, event: TreeMap): void {
    const blame = blameEvent(eventId, event.offset);
    const isHttp = this.#kind.eventType === 'HttpApi';
    if (!isHttp && !isTruthy(get(event, 'Properties'))) return;
    if (!has(event, 'Properties')) set(event, 'Properties', madeMap(event.offset, {}));
    const properties = expectMap(get(event, 'Properties'), '', blame, 'Properties should be a map.');
    const { idProperty, logicalId } = this.#kind;
    if (!has(properties, idProperty)) {
      this.#takeTags(owner);
      set(properties, idProperty, ref(logicalId));
    }
    if (isHttp && !isTruthy(get(properties, 'Path')) && !isTruthy(get(properties, 'Method'))) {
      set(properties, 'Path', '$default');
      set(properties, 'Method', ANY_METHOD);
    }
    for (const name of ['Path', 'Method']) {
      if (get(properties, name) === undefined) throw blame(`Property '${name}' is required.`, event);
    }
    const apiId = expectString(referredTo(get(properties, idProperty)), idProperty, blame);
    const path = expectString(get(properties, 'Path'), 'Path', blame);
    const method = expectString(get(properties, 'Method'), 'Method', blame);
    this.#remember(owner, apiId, path, method);
    this.#addPath(blame, properties, apiId, path, method);
    if (isHttp && has(properties, 'RouteSettings'))
      this.#addRouteSettings(owner, blame, properties, apiId, path, method);
  }

  #remember({ tree, condition }: Owner, apiId: string, path: string, method: string): void {
    const paths = this.#conditions.get(apiId) ?? new Map<string, Map<string, string | undefined>>();
    const methods = paths.get(path) ?? new Map<string, string | undefined>();
    this.#conditions.set(apiId, paths.set(path, methods.set(method, condition)));
    if (apiId !== this.#kind.logicalId) return;
    for (const [name, seen] of Object.entries(this.#policies)) {
      const policy = stringOf(get(tree, name));
      if (policy !== undefined) seen.add(policy);
    }
  }

  #takeTags({ type, tree }: Owner): void {
    const { resources, globals } = this.#expansion;
    const either = (name: string) => {
      const own = get(get(tree, 'Properties'), name);
      return isTruthy(own) ? own : globalProperty(globals, type, name);
    };
    const tags = either('Tags');
    if (!isTruthy(tags) || !isTruthy(either('PropagateTags'))) return;
    const properties = get(get(resources, this.#kind.logicalId), 'Properties') as TreeMap;
    if (!has(properties, 'Tags')) set(properties, 'Tags', madeMap(tags.offset, {}));
    for (const [key, value] of entries(tags)) set(get(properties, 'Tags') as TreeMap, key, value);
    set(properties, 'PropagateTags', true);
  }

  #addPath(
    blame: ReturnType<typeof blameEvent>,
    properties: TreeMap,
    apiId: string,
    path: string,
    method: string,
  ): void {
    const { idProperty, apiType, isDocument } = this.#kind;
    const api = get(this.#expansion.resources, apiId);
    const isOfOtherKind =
      apiType !== 'AWS::Serverless::HttpApi' && stringOf(get(api, 'Type')) === 'AWS::Serverless::HttpApi';
    if (api === undefined || isOfOtherKind) {
      throw blame(
        `${idProperty} must be a valid reference to an '${apiType}' resource in same template.`,
        get(properties, idProperty),
      );
    }
    const body = get(get(api, 'Properties'), 'DefinitionBody');
    if (isDocument(body) && this.#expansion.managed.has(apiId))
      addOperation(pathsOf(body as TreeMap), path, method);
  }

  /** §8.5.5. */
  #addRouteSettings(
    { condition }: Owner,
    blame: ReturnType<typeof blameEvent>,
    properties: TreeMap,
    apiId: string,
    path: string,
    method: string,
  ): void {
    const api = get(get(this.#expansion.resources, apiId), 'Properties') as TreeMap;
    const route = method === ANY_METHOD ? path : `${method.toUpperCase()} ${path}`;
    if (!has(api, 'RouteSettings')) set(api, 'RouteSettings', madeMap(properties.offset, {}));
    const all = expectMap(get(api, 'RouteSettings'), 'RouteSettings', blameResource(apiId, api.offset));
    const given = get(properties, 'RouteSettings');
    const settings = expectMap(given, 'RouteSettings', blame);
    if (!isMap(get(all, route))) set(all, route, madeMap(settings.offset, {}));
    const target = get(all, route) as TreeMap;
    const added = condition === undefined ? settings : madeMap(settings.offset, onlyIf(condition, settings));
    for (const [name, value] of entries(added)) set(target, name, value);
  }

  #finish(implicit: TreeMap): void {
    const { logicalId, apiType } = this.#kind;
    const own = new Set(
      [...(this.#conditions.get(logicalId)?.values() ?? [])].flatMap((each) => [...each.values()]),
    );
    const condition = this.#onlyCondition(own, `${logicalId}Condition`);
    if (condition !== undefined) set(implicit, 'Condition', condition);
    const { DeletionPolicy, UpdateReplacePolicy } = this.#policies;
    const kept = ['Retain', 'Delete'].find((policy) => DeletionPolicy.has(policy));
    if (kept !== undefined) set(implicit, 'DeletionPolicy', kept);
    const replaced = ['Retain', 'Snapshot', 'Delete'].find((policy) => UpdateReplacePolicy.has(policy));
    if (replaced !== undefined) set(implicit, 'UpdateReplacePolicy', replaced);
    for (const [apiId, api] of entries(this.#expansion.resources)) {
      if (stringOf(get(api, 'Type')) === apiType && this.#expansion.managed.has(apiId))
        this.#wrapPaths(apiId, api);
    }
  }

  #wrapPaths(apiId: string, api: Tree): void {
    const paths = pathsOf(get(get(api, 'Properties'), 'DefinitionBody') as TreeMap);
    for (const path of [...paths.members.keys()]) {
      const methods = this.#conditions.get(apiId)?.get(path);
      if (methods === undefined) continue;
      const name = path.replaceAll('/', 'SLASH').replaceAll('{', 'OB').replaceAll('}', 'CB');
      const condition = this.#onlyCondition(new Set(methods.values()), `${apiId}${name}PathCondition`);
      if (condition !== undefined) makeConditional(paths, path, condition);
    }
  }

  /** The condition that is true when one of them is; undefined when something has none. */
  #onlyCondition(conditions: ReadonlySet<string | undefined>, name: string): string | undefined {
    if (conditions.size === 0 || conditions.has(undefined)) return undefined;
    const names = [...conditions] as string[];
    if (names.length === 1) return names[0];
    for (const [each, condition] of combinedConditions(names.sort(), name)) {
      set(this.#expansion.conditions(), each, condition!);
    }
    return name;
  }
}

// A template with AWS::Serverless-2016-10-31 becomes one of CloudFormation (spec/definitions.md §8): what AWS SAM makes of it, without
// what follows from being run elsewhere. Conditions are not evaluated, and local paths stay.

import { partitionOf } from '../../grammar/management-arn.ts';
import type { MapNode } from '../../tree/node.ts';
import type { Finding } from '../finding.ts';
import { expandApplication } from './application.ts';
import { checkProperties, type PropertyTable } from './check-properties.ts';
import { expandConnector } from './connectors/connector.ts';
import { embeddedConnectors } from './connectors/embedded-connectors.ts';
import {
  copied,
  entries,
  get,
  isMap,
  isTruthy,
  madeMap,
  set,
  stringOf,
  type Tree,
  type TreeMap,
} from './editing.ts';
import { checkEvents } from './events/events.ts';
import type { Expansion } from './expansion.ts';
import { type DeploymentPreferences, deploymentResources } from './functions/deployment-preference.ts';
import { expandFunction } from './functions/function.ts';
import { takeHashOrder } from './hash-order.ts';
import { expandHttpApi } from './http/http-api.ts';
import { referredTo } from './intrinsics.ts';
import { blameResource, Invalid, InvalidDocument, samTemplateError } from './invalid.ts';
import { expandLayerVersion } from './layer-version.ts';
import { ParameterValues } from './parameter-values.ts';
import { checkResources, prepareTemplate } from './prepare-template.ts';
import * as tables from './property-tables.ts';
import { pythonStr } from './python-text.ts';
import { References } from './references.ts';
import { checkLogicalId, type Resource, type SamResource, samResource, treeOf } from './resource.ts';
import { expandRestApi } from './rest/rest-api.ts';
import { SharedUsagePlan } from './rest/usage-plan.ts';
import { expandSimpleTable } from './simple-table.ts';
import { expandStateMachine } from './state-machines/state-machine.ts';
import { isFree, takenId } from './taken-ids.ts';
import { expandWebSocketApi } from './websocket/websocket-api.ts';

export interface SamMeans {
  /** Values of parameters by name. */
  readonly parameters: ReadonlyMap<string, string | readonly string[]>;
  readonly region: string;
}

export interface Expanded {
  readonly root: MapNode;
  readonly findings: readonly Finding[];
}

type Expand = (resource: SamResource, expansion: Expansion) => Resource[];

/** In the order of work (§8.2.4): functions, state machines, APIs, the rest, connectors. */
const ORDER: readonly ReadonlyMap<string, readonly [table: PropertyTable, expand: Expand]>[] = [
  new Map([['AWS::Serverless::StateMachine', [tables.STATE_MACHINE_PROPERTIES, expandStateMachine]]]),
  new Map([
    ['AWS::Serverless::Api', [tables.REST_API_PROPERTIES, expandRestApi]],
    ['AWS::Serverless::HttpApi', [tables.HTTP_API_PROPERTIES, expandHttpApi]],
    ['AWS::Serverless::WebSocketApi', [tables.WEBSOCKET_API_PROPERTIES, expandWebSocketApi]],
  ]),
  new Map([
    ['AWS::Serverless::SimpleTable', [tables.SIMPLE_TABLE_PROPERTIES, expandSimpleTable]],
    ['AWS::Serverless::Application', [tables.APPLICATION_PROPERTIES, expandApplication]],
    ['AWS::Serverless::LayerVersion', [tables.LAYER_VERSION_PROPERTIES, expandLayerVersion]],
  ]),
];

/** Types that AWS SAM has and that are nothing here: they stay as they are (§8.1). */
export const LEFT_AS_THEY_ARE = ['AWS::Serverless::GraphQLApi', 'AWS::Serverless::CapacityProvider'];

/** Events of APIs are sent here. */
const SENT = ['HttpApi', 'Api'];

/** @throws TemplateError with one finding for each sentence of AWS SAM (§8.11) */
export function expandSam(root: MapNode, means: SamMeans): Expanded {
  const template = copied(root) as TreeMap;
  try {
    return new SamExpansion(template, means).run();
  } catch (error) {
    if (error instanceof InvalidDocument) throw samTemplateError(error.causes);
    if (error instanceof Invalid) throw samTemplateError([error]);
    throw error;
  }
}

class SamExpansion {
  readonly #template: TreeMap;
  readonly #expansion: Expansion;
  readonly #findings: Finding[] = [];
  readonly #errors: Invalid[] = [];
  readonly #references = new References();
  readonly #preferences: DeploymentPreferences = [];
  /** What the template's resources have become so far. */
  readonly #output: TreeMap;

  constructor(template: TreeMap, { parameters, region }: SamMeans) {
    this.#template = template;
    const partition = partitionOf(region);
    const values = new Map([...parameters].filter(([name]) => !name.includes('::')));
    values.set('AWS::Region', region).set('AWS::Partition', partition);
    const resources = checkResources(get(template, 'Resources'));
    this.#output = { ...resources, members: new Map() };
    this.#expansion = {
      resources,
      globals: get(template, 'Globals'),
      conditions: () => {
        if (!isMap(get(template, 'Conditions'))) set(template, 'Conditions', madeMap(template.offset, {}));
        return get(template, 'Conditions') as TreeMap;
      },
      declaredConditions: () => {
        const declared = get(template, 'Conditions');
        return isMap(declared) ? declared : undefined;
      },
      parameters: new ParameterValues(values, template),
      partition,
      region,
      managed: new Set(),
      recordSetGroups: new Map(),
      sharedUsagePlan: new SharedUsagePlan(),
      functionNames: new Map(),
      report: (finding) => this.#findings.push(finding),
    };
  }

  run(): Expanded {
    const { resources, conditions, globals } = this.#expansion;
    prepareTemplate(this.#expansion, takeHashOrder(resources, globals));
    for (const [logicalId, connector] of embeddedConnectors(resources, this.#errors)) {
      set(resources, logicalId, connector);
    }
    for (const [logicalId, { keyOffset, value }] of resources.members) {
      this.#output.members.set(logicalId, { keyOffset, value: copied(value) });
    }
    this.#expandFunctions();
    for (const kinds of ORDER) this.#expandKinds(kinds);
    this.#expandConnectors();
    for (const resource of deploymentResources(this.#preferences, conditions)) {
      set(this.#output, resource.logicalId, treeOf(resource));
    }
    if (this.#errors.length > 0) throw new InvalidDocument(this.#errors);
    this.#noteOthers();
    this.#template.members.delete('Transform');
    this.#template.members.delete('Globals');
    set(this.#template, 'Resources', this.#output);
    return { root: this.#references.resolved(this.#template) as MapNode, findings: this.#findings };
  }

  #expandFunctions(): void {
    for (const [logicalId, resource] of this.#resourcesOf('AWS::Serverless::Function')) {
      this.#collecting(logicalId, resource, tables.FUNCTION_PROPERTIES, (fn) => {
        checkEvents(fn, this.#expansion.resources);
        this.#rememberName(fn);
        const made = expandFunction(fn, this.#expansion, this.#preferences);
        this.#noteEvents(fn);
        return made;
      });
    }
  }

  #expandKinds(kinds: ReadonlyMap<string, readonly [PropertyTable, Expand]>): void {
    for (const [logicalId, resource] of entries(this.#expansion.resources)) {
      const kind = kinds.get(stringOf(get(resource, 'Type')) ?? '');
      if (kind === undefined || !isMap(resource)) continue;
      const [table, expand] = kind;
      this.#collecting(logicalId, resource, table, (each) => expand(each, this.#expansion));
    }
  }

  #expandConnectors(): void {
    for (const [logicalId, resource] of this.#resourcesOf('AWS::Serverless::Connector')) {
      this.#collecting(logicalId, resource, tables.CONNECTOR_PROPERTIES, (connector) =>
        expandConnector(connector, this.#output),
      );
      this.#note(
        logicalId,
        resource,
        'policies of connectors are not asked here: who may call what is not decided by them',
      );
    }
  }

  #resourcesOf(type: string): [string, TreeMap][] {
    return entries(this.#expansion.resources).filter(
      (entry): entry is [string, TreeMap] => isMap(entry[1]) && stringOf(get(entry[1], 'Type')) === type,
    );
  }

  /** Puts what a resource becomes in its place; what is wrong with it is kept, and the next one has its turn. */
  #collecting(
    logicalId: string,
    tree: TreeMap,
    table: PropertyTable,
    expand: (resource: SamResource) => Resource[],
  ): void {
    const type = stringOf(get(tree, 'Type'))!;
    try {
      checkLogicalId(logicalId, tree.offset);
      const resource = samResource(logicalId, type, tree);
      checkProperties(resource.properties, table, type, blameResource(logicalId, tree.offset));
      const made = expand(resource);
      for (const each of made) checkLogicalId(each.logicalId, each.offset);
      this.#references.add(logicalId, type, made);
      this.#output.members.delete(logicalId);
      for (const each of made) this.#put(resource, each);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      this.#errors.push(error);
    }
  }

  #put(origin: SamResource, resource: Resource): void {
    if (isFree(resource, this.#expansion.resources)) {
      set(this.#output, resource.logicalId, treeOf(resource));
      return;
    }
    this.#errors.push(takenId(origin.logicalId, resource));
  }

  /** For REST APIs whose events name them. */
  #rememberName({ properties }: SamResource): void {
    const { functionNames, parameters } = this.#expansion;
    const name = parameters.resolved(get(properties, 'FunctionName'));
    if (!isTruthy(name)) return;
    for (const [, event] of entries(get(properties, 'Events'))) {
      const apiId = stringOf(referredTo(get(get(event, 'Properties'), 'RestApiId')));
      if (stringOf(get(event, 'Type')) !== 'Api' || apiId === undefined) continue;
      functionNames.set(apiId, (functionNames.get(apiId) ?? '') + pythonStr(name));
    }
  }

  /** §7.8. */
  #noteEvents({ logicalId, properties, offset }: SamResource): void {
    const others = entries(get(properties, 'Events'))
      .map(([eventId, event]) => ({ eventId, type: stringOf(get(event, 'Type')) ?? '' }))
      .filter(({ type }) => !SENT.includes(type));
    if (others.length === 0) return;
    const named = others.map(({ eventId, type }) => `${eventId} (${type})`).join(', ');
    this.#findings.push({
      severity: 'note',
      text: `${logicalId}: nothing here sends the events ${named}`,
      offset,
      logicalId,
      type: 'AWS::Serverless::Function',
    });
  }

  #noteOthers(): void {
    for (const type of LEFT_AS_THEY_ARE) {
      for (const [logicalId, resource] of this.#resourcesOf(type)) {
        this.#note(logicalId, resource, `${type} is not part of Postern, and is left as it is`);
      }
    }
  }

  #note(logicalId: string, resource: Tree, text: string): void {
    const type = stringOf(get(resource, 'Type'));
    this.#findings.push({
      severity: 'note',
      text: `${logicalId}: ${text}`,
      offset: resource.offset,
      logicalId,
      type,
    });
  }
}

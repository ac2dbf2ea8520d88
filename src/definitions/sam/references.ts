// References to what SAM resources became: `Api.Stage`, `Function.Alias`, a layer under its new id (spec/definitions.md §8.2.5).
import { get, isList, isMap, made, set, stringOf, type Tree, type TreeMap } from './editing.ts';
import type { Resource } from './resource.ts';

/** Names in `${…}` of `Fn::Sub` that the expansion looks at. */
const VARIABLE = /\$\{([A-Za-z0-9.]+)\}/g;

/** What can be referred to behind the id of a SAM resource, and what type it is of. */
const REFERABLE = new Map<string, readonly (readonly [name: string, type: string])[]>([
  [
    'AWS::Serverless::Function',
    [
      ['Alias', 'AWS::Lambda::Alias'],
      ['Version', 'AWS::Lambda::Version'],
      ['DestinationTopic', 'AWS::SNS::Topic'],
      ['DestinationQueue', 'AWS::SQS::Queue'],
    ],
  ],
  [
    'AWS::Serverless::HttpApi',
    [
      ['Stage', 'AWS::ApiGatewayV2::Stage'],
      ['DomainName', 'AWS::ApiGatewayV2::DomainName'],
    ],
  ],
  [
    'AWS::Serverless::WebSocketApi',
    [
      ['Stage', 'AWS::ApiGatewayV2::Stage'],
      ['DomainName', 'AWS::ApiGatewayV2::DomainName'],
    ],
  ],
  [
    'AWS::Serverless::Api',
    [
      ['Stage', 'AWS::ApiGateway::Stage'],
      ['Deployment', 'AWS::ApiGateway::Deployment'],
      ['DomainName', 'AWS::ApiGateway::DomainName'],
      ['DomainNameV2', 'AWS::ApiGateway::DomainNameV2'],
      ['UsagePlan', 'AWS::ApiGateway::UsagePlan'],
      ['UsagePlanKey', 'AWS::ApiGateway::UsagePlanKey'],
      ['ApiKey', 'AWS::ApiGateway::ApiKey'],
    ],
  ],
]);

export class References {
  /** By logical id, then by what is referred to. */
  readonly #parts = new Map<string, Map<string, string>>();
  readonly #renamed = new Map<string, string>();

  /** Remembers what a resource became. */
  add(logicalId: string, type: string, resources: readonly Resource[]): void {
    const parts = new Map<string, string>();
    for (const [name, of] of REFERABLE.get(type) ?? []) {
      const found = resources.findLast((resource) => resource.type === of);
      if (found !== undefined) parts.set(name, found.logicalId);
    }
    if (parts.size > 0) this.#parts.set(logicalId, parts);
    if (type === 'AWS::Serverless::LayerVersion') this.#renamed.set(logicalId, resources[0]!.logicalId);
  }

  /** The tree with all references in it resolved. */
  resolved(tree: Tree): Tree {
    if (this.#parts.size === 0 && this.#renamed.size === 0) return tree;
    if (isList(tree)) return { ...tree, items: tree.items.map((item) => this.resolved(item)) };
    if (!isMap(tree)) return tree;
    const whole: TreeMap = { ...tree, members: new Map() };
    const isOne = tree.members.size === 1;
    for (const [key, { keyOffset, value }] of tree.members) {
      whole.members.set(key, { keyOffset, value: this.resolved(isOne ? this.#member(key, value) : value) });
    }
    const waits = get(whole, 'DependsOn');
    if (waits !== undefined) set(whole, 'DependsOn', this.#renamedIn(waits));
    return whole;
  }

  #member(key: string, value: Tree): Tree {
    switch (key) {
      case 'Ref': {
        const target = stringOf(value);
        return target === undefined ? value : made(value.offset, this.#target(target));
      }
      case 'Fn::GetAtt':
        return this.#attribute(value);
      case 'Fn::Sub':
        return this.#substituted(value);
      default:
        return value;
    }
  }

  #part(logicalId: string, name: string | undefined): string | undefined {
    return name === undefined ? undefined : this.#parts.get(logicalId)?.get(name);
  }

  #target(target: string): string {
    const dot = target.indexOf('.');
    if (dot === -1) return this.#renamed.get(target) ?? target;
    return this.#part(target.slice(0, dot), target.slice(dot + 1)) ?? target;
  }

  #attribute(value: Tree): Tree {
    const texts = isList(value) ? value.items.map(stringOf) : [];
    if (texts.length < 2 || texts.includes(undefined)) return value;
    const [logicalId, name, ...rest] = texts.join('.').split('.') as [string, string, ...string[]];
    const part = this.#part(logicalId, name);
    if (part !== undefined) return made(value.offset, [part, ...rest]);
    const renamed = this.#renamed.get(logicalId);
    return renamed === undefined ? value : made(value.offset, [renamed, name, ...rest]);
  }

  #substituted(argument: Tree): Tree {
    const text = stringOf(argument);
    if (text !== undefined) return made(argument.offset, this.#inText(text));
    if (!isList(argument)) return argument;
    const [first, ...others] = argument.items;
    const pattern = stringOf(first);
    if (pattern === undefined) return argument;
    return { ...argument, items: [made(first!.offset, this.#inText(pattern)), ...others] };
  }

  #inText(text: string): string {
    return text.replaceAll(VARIABLE, (whole, variable: string) => {
      const [logicalId, name, ...rest] = variable.split('.') as [string, ...string[]];
      const part = this.#part(logicalId, name);
      if (part !== undefined) return `\${${[part, ...rest].join('.')}}`;
      const renamed = this.#renamed.get(logicalId);
      return renamed === undefined ? whole : `\${${[renamed, ...variable.split('.').slice(1)].join('.')}}`;
    });
  }

  #renamedIn(waits: Tree): Tree {
    if (isList(waits)) return { ...waits, items: waits.items.map((item) => this.#renamedIn(item)) };
    const name = stringOf(waits);
    return name === undefined ? waits : made(waits.offset, this.#renamed.get(name) ?? name);
  }
}

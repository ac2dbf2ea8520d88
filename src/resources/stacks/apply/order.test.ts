// The order of resources (spec/definitions.md §11.3).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TemplateResource } from '../../../definitions/template.ts';
import { type MapNode, memberOf, type Node, textOf } from '../../../tree/node.ts';
import { orderOf } from './order.ts';

interface Row {
  readonly name: string;
  /** Type without its family, what it depends on, and the API that it is of. */
  readonly resources: { readonly [id: string]: readonly [type: string, after?: string, api?: string] };
  readonly order: string;
}

const rows: readonly Row[] = [
  { name: 'ties are in template order', resources: { B: ['Api'], A: ['Api'] }, order: 'B A' },
  {
    name: 'what is referred to goes before (§11.3.1)',
    resources: { R: ['Route', 'I', 'Api'], I: ['Integration', 'Api', 'Api'], Api: ['Api'] },
    order: 'Api I R',
  },
  {
    name: 'a stage comes after all parts of its API (§5.14.1)',
    resources: { Api: ['Api'], S: ['Stage', 'Api', 'Api'], R: ['Route', 'Api', 'Api'] },
    order: 'Api R S',
  },
  {
    name: 'a stage does not wait for parts of another API',
    resources: { A: ['Api'], B: ['Api'], S: ['Stage', 'A', 'A'], R: ['Route', 'B', 'B'] },
    order: 'A B S R',
  },
  {
    name: 'a deployment comes after all parts of its API (§5.6.2)',
    resources: {
      Api: ['Api'],
      D: ['Deployment', 'Api', 'Api'],
      M: ['Model', 'Api', 'Api'],
      R: ['Route', 'Api', 'Api'],
    },
    order: 'Api M R D',
  },
  {
    name: 'a route comes after authorizers and models, which it may name by text',
    resources: {
      Api: ['Api'],
      R: ['Route', 'Api', 'Api'],
      A: ['Authorizer', 'Api', 'Api'],
      M: ['Model', 'Api', 'Api'],
    },
    order: 'Api A M R',
  },
  {
    name: 'a mapping comes after the stages of its API, and a rule after all',
    resources: {
      Api: ['Api'],
      Rule: ['RoutingRule'],
      Map: ['ApiMapping', 'Api', 'Api'],
      S: ['Stage', 'Api', 'Api'],
    },
    order: 'Api S Rule Map',
  },
  {
    name: 'what the template says goes before what the service wants',
    resources: {
      Api: ['Api'],
      S: ['Stage', 'Api', 'Api'],
      R: ['Route', 'S', 'Api'],
      Q: ['Route', '', 'Api'],
    },
    order: 'Api Q S R',
  },
];

const text = (value: string): Node => ({ kind: 'scalar', offset: 0, value, text: value });
const map = (members: { readonly [name: string]: Node }): MapNode => ({
  kind: 'map',
  offset: 0,
  members: new Map(Object.entries(members).map(([name, value]) => [name, { keyOffset: 0, value }])),
});
const referencesOf = (node: Node): readonly string[] => {
  const id = textOf(memberOf(node, 'Ref'));
  return id === undefined ? [] : [id];
};

function resourceOf(logicalId: string, type: string, api: string | undefined): TemplateResource {
  return {
    logicalId,
    type: `AWS::ApiGatewayV2::${type}`,
    properties: map(api === undefined ? {} : { ApiId: map({ Ref: text(api) }) }),
    dependsOn: [],
    condition: undefined,
    deletionPolicy: undefined,
    updateReplacePolicy: undefined,
    metadata: undefined,
    otherAttributes: [],
    offset: 0,
  };
}

describe('the order of resources', () => {
  for (const { name, resources, order } of rows) {
    test(name, () => {
      const entries = Object.entries(resources);
      const templates = new Map(entries.map(([id, [type, , api]]) => [id, resourceOf(id, type, api)]));
      const after = new Map(
        entries.map(([id, [, ids = '']]) => [id, new Set(ids.split(' ').filter(Boolean))]),
      );
      assert.equal(orderOf(templates, after, referencesOf).ids.join(' '), order);
    });
  }

  test('a chain of thousands is no recursion', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `R${i}`);
    const templates = new Map(ids.map((id) => [id, resourceOf(id, 'VpcLink', undefined)]));
    const after = new Map(ids.map((id, i) => [id, new Set(i + 1 < ids.length ? [ids[i + 1]!] : [])]));
    assert.deepEqual(orderOf(templates, after, referencesOf).ids, ids.toReversed());
  });
});

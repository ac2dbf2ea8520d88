// One template after all macros (spec/definitions.md §2): sections as trees, whose functions are not evaluated yet.
import type { MapNode, Node } from '../tree/node.ts';

export interface Template {
  readonly description: string | undefined;
  readonly metadata: Node | undefined;
  readonly parameters: ReadonlyMap<string, ParameterDeclaration>;
  readonly rules: ReadonlyMap<string, MapNode>;
  readonly mappings: ReadonlyMap<string, MapNode>;
  /** Expressions by name. */
  readonly conditions: ReadonlyMap<string, Node>;
  /** In the order of the document, those with a false condition too. */
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: ReadonlyMap<string, TemplateOutput>;
}

export interface ParameterDeclaration {
  readonly name: string;
  readonly type: string;
  readonly node: MapNode;
  readonly offset: number;
}

export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  /** An empty map where the template has none. */
  readonly properties: MapNode;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
  readonly metadata: MapNode | undefined;
  /** Other attributes that the template has: `CreationPolicy`, `UpdatePolicy`. */
  readonly otherAttributes: readonly string[];
  readonly offset: number;
}

export interface TemplateOutput {
  readonly name: string;
  readonly value: Node;
  readonly description: Node | undefined;
  readonly exportName: Node | undefined;
  readonly condition: string | undefined;
  readonly offset: number;
}

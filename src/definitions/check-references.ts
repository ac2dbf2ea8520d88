// What a template refers to is there, has an order, and is called by names of functions (spec/definitions.md §2.2.3, §2.2.4, §4.1.3).
import { type MapNode, memberOf, type Node } from '../tree/node.ts';
import { circleIn } from './circles.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import { unsupportedFunction } from './evaluate/unsupported.ts';
import { type Finding, TemplateError } from './finding.ts';
import { type Found, foundIn, type Reference } from './references.ts';
import type { Template } from './template.ts';

interface Block {
  readonly name: 'Resources' | 'Outputs';
  readonly unresolved: (Reference & { readonly logicalId: string | undefined })[];
}

/** `root` is what `template` was read from. */
export function checkReferences(
  root: MapNode,
  template: Template,
  evaluation: Evaluation,
): readonly Finding[] {
  return new ReferenceCheck(root, template, evaluation).findings();
}

class ReferenceCheck {
  readonly #root: MapNode;
  readonly #template: Template;
  readonly #evaluation: Evaluation;
  readonly #findings: Finding[] = [];
  /** Logical ids of what is there. */
  readonly #present = new Set<string>();
  readonly #edges = new Map<string, Set<string>>();
  readonly #undefinedIds = new Set<string>();

  constructor(root: MapNode, template: Template, evaluation: Evaluation) {
    this.#root = root;
    this.#template = template;
    this.#evaluation = evaluation;
  }

  findings(): readonly Finding[] {
    const { resources, outputs } = this.#template;
    const there = [...resources.values()].filter(({ condition, logicalId, offset }) =>
      this.#isThere(condition, offset, { logicalId, path: `Resources.${logicalId}` }),
    );
    for (const { logicalId } of there) this.#present.add(logicalId);
    const inResources: Block = { name: 'Resources', unresolved: [] };
    for (const { logicalId, dependsOn, offset } of there) {
      const edges = new Set(dependsOn.filter((id) => this.#present.has(id)));
      this.#edges.set(logicalId, edges);
      for (const id of dependsOn)
        if (!resources.has(id))
          inResources.unresolved.push({
            id,
            attribute: undefined,
            offset,
            path: `Resources.${logicalId}.DependsOn`,
            logicalId,
          });
      const node = memberOf(memberOf(this.#root, 'Resources'), logicalId);
      for (const attribute of ['Properties', 'Metadata', 'CreationPolicy', 'UpdatePolicy'])
        this.#look(
          memberOf(node, attribute),
          `Resources.${logicalId}.${attribute}`,
          inResources,
          edges,
          logicalId,
        );
    }
    const inOutputs: Block = { name: 'Outputs', unresolved: [] };
    for (const { name, value, description, exportName, condition, offset } of outputs.values()) {
      const path = `Outputs.${name}`;
      if (!this.#isThere(condition, offset, { path })) continue;
      this.#look(value, `${path}.Value`, inOutputs);
      this.#look(description, `${path}.Description`, inOutputs);
      this.#look(exportName, `${path}.Export.Name`, inOutputs);
    }
    this.#unresolved(inResources);
    this.#unresolved(inOutputs);
    this.#circles();
    return this.#findings;
  }

  #isThere(
    condition: string | undefined,
    offset: number,
    where: { path: string; logicalId?: string },
  ): boolean {
    return (
      condition === undefined ||
      this.#attempt(() => this.#evaluation.condition(condition, where, offset)) === true
    );
  }

  #look(node: Node | undefined, path: string, block: Block, edges?: Set<string>, logicalId?: string): void {
    const found = node && this.#attempt(() => foundIn(node, this.#evaluation, path, logicalId));
    if (found === undefined) return;
    this.#strangeCalls(found, logicalId);
    for (const reference of found.references) {
      if (this.#present.has(reference.id)) edges?.add(reference.id);
      else if (reference.attribute === undefined) block.unresolved.push({ ...reference, logicalId });
      else this.#undefinedResource(reference, logicalId);
    }
  }

  #strangeCalls({ strangeCalls }: Found, logicalId: string | undefined): void {
    for (const { name, offset, path } of strangeCalls)
      this.#findings.push({ severity: 'error', text: unsupportedFunction(name), offset, logicalId, path });
  }

  #undefinedResource({ id, offset, path }: Reference, logicalId: string | undefined): void {
    if (this.#undefinedIds.has(id)) return;
    this.#undefinedIds.add(id);
    const text = `Template error: instance of Fn::GetAtt references undefined resource ${id}`;
    this.#findings.push({ severity: 'error', text, offset, logicalId, path });
  }

  /** AWS says it in one sentence. */
  #unresolved({ name, unresolved }: Block): void {
    const first = unresolved[0];
    if (first === undefined) return;
    const ids = [...new Set(unresolved.map(({ id }) => id))].join(', ');
    const text = `Template format error: Unresolved resource dependencies [${ids}] in the ${name} block of the template`;
    const { offset, path, logicalId } = first;
    this.#findings.push({ severity: 'error', text, offset, path, logicalId });
  }

  #circles(): void {
    const ids = circleIn(this.#edges);
    if (ids.length === 0) return;
    const { offset } = this.#template.resources.get(ids[0]!)!;
    const text = `Circular dependency between resources: [${ids.join(', ')}]`;
    this.#findings.push({ severity: 'error', text, offset, logicalId: ids[0], path: `Resources.${ids[0]}` });
  }

  #attempt<T>(look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.#findings.push(...error.findings);
      return undefined;
    }
  }
}

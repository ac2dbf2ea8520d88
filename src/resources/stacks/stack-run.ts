// One stack of a deploy, from its loaded template to its document (spec/definitions.md §11).

import { Evaluation } from '../../definitions/evaluate/evaluation.ts';
import { TemplateError } from '../../definitions/finding.ts';
import { referencesOf } from '../../definitions/references.ts';
import { type EvaluationScope, NotKnown } from '../../definitions/scope.ts';
import type { StandIn } from '../../definitions/stack-settings.ts';
import type { TemplateResource } from '../../definitions/template.ts';
import { DEPLOYMENT, FUNCTION, STACK } from '../../definitions/type-names.ts';
import { DefinitionError } from '../../openapi/definition.ts';
import { type Node, textOf } from '../../tree/node.ts';
import { ServiceError } from '../../wire/errors.ts';
import { LeavingResources, leavingOf } from './apply/leaving-resources.ts';
import { type Dependencies, type Order, orderOf } from './apply/order.ts';
import { otherPolicies } from './apply/policies.ts';
import { StackValues } from './apply/resource-values.ts';
import { serviceFailure } from './apply/service-failure.ts';
import { standInFor } from './apply/stand-in.ts';
import { wantedOf } from './apply/wanted-properties.ts';
import { ResourceWriter } from './apply/write-resource.ts';
import type { Deployment } from './deployment.ts';
import { wantedFunction } from './functions/wanted-function.ts';
import { kindOf } from './kinds/kinds.ts';
import { type LoadedStack, loadStack } from './load-stack.ts';
import { nestedSource } from './nested-stack.ts';
import { sayOfDeployments } from './report/deployment-findings.ts';
import { ownResources, type StackResourceDocument } from './stored/stack-document.ts';
import { type Outputs, outputsOf } from './stored/stack-outputs.ts';
import { storeStack } from './stored/store-stack.ts';

export class StackRun {
  readonly stack: LoadedStack;
  /** What the template itself has each resource come after. */
  readonly dependencies: Dependencies;
  outputs: Outputs = {};
  readonly #deployment: Deployment;
  readonly #written = new Map<string, StackResourceDocument>();
  readonly #values: StackValues;
  readonly #evaluation: Evaluation;
  readonly #order: Order;
  readonly #leaving: LeavingResources;
  readonly #writer: ResourceWriter;
  readonly #nested: StackRun[] = [];
  /** Logical ids of what could not be made. */
  readonly #failed = new Set<string>();

  constructor(deployment: Deployment, stack: LoadedStack) {
    const { source, before, parameters, resources, template } = stack;
    const { name, prefix } = source;
    this.#deployment = deployment;
    this.stack = stack;
    this.#values = new StackValues({
      deployment,
      stackName: name,
      parameters,
      resources,
      made: this.#written,
      standIn: (id) => this.#standIn(id),
      evaluated: (logicalId, property) => this.#evaluation.evaluate(property, { logicalId }),
    });
    this.#evaluation = new Evaluation(template, this.#values);
    const references = (node: Node) => referencesOf(node, this.#evaluation);
    this.dependencies = new Map(
      Array.from(resources.values(), ({ logicalId, properties, dependsOn }) => [
        logicalId,
        new Set([...dependsOn, ...references(properties)].filter((id) => resources.has(id))),
      ]),
    );
    this.#order = orderOf(resources, this.dependencies, references);
    this.#leaving = new LeavingResources(
      deployment,
      prefix,
      before === undefined ? [] : leavingOf(before, (document) => !this.#keeps(document)),
      before?.document.Order,
    );
    this.#writer = new ResourceWriter({
      deployment,
      stackName: name,
      prefix,
      before: ownResources(before),
      written: this.#written,
      leaving: this.#leaving,
      wanted: (id, property) => this.#wantedText(id, property),
    });
  }

  /** This stack and those in it. */
  get all(): readonly StackRun[] {
    return [this, ...this.#nested.flatMap((nested) => nested.all)];
  }

  /** Of its template, with what has been made. */
  get evaluation(): Evaluation {
    return this.#evaluation;
  }

  get scope(): EvaluationScope {
    return this.#values;
  }

  get written(): ReadonlyMap<string, StackResourceDocument> {
    return this.#written;
  }

  /** Makes everything that the template has. What cannot be made is among the findings, and what depends on it is left out. */
  async apply(): Promise<void> {
    for (const id of this.#order.ids) {
      await this.#deployment.breath.draw();
      const after = this.#order.after.get(id) ?? [];
      if ([...after].some((each) => this.#failed.has(each))) this.#failed.add(id);
      else await this.#attempt(this.stack.resources.get(id)!);
    }
    if (this.#failed.size > 0) return;
    const { source, template } = this.stack;
    this.outputs = outputsOf(template, this.#evaluation, this.#deployment, source.name);
    sayOfDeployments(this.#deployment, this);
  }

  /** Deletes what is left of an earlier deploy. */
  async finish(): Promise<void> {
    for (const nested of this.#nested) await nested.finish();
    await this.#leaving.deleteAll();
  }

  async store(): Promise<void> {
    for (const nested of this.#nested) await nested.store();
    await storeStack(this.#deployment, this.stack, {
      written: this.#written,
      outputs: this.outputs,
      imported: this.#values.imported,
      parameters: this.#values.ssmParameters(),
    });
  }

  async #attempt(resource: TemplateResource): Promise<void> {
    const { logicalId, type, offset } = resource;
    const { source } = this.stack;
    const place = { logicalId: source.prefix + logicalId, type, offset };
    try {
      await this.#apply(resource);
    } catch (error) {
      this.#failed.add(logicalId);
      const { findings } = this.#deployment;
      if (error instanceof TemplateError) {
        findings.push(
          ...error.findings.map((finding) => ({ ...place, ...finding, logicalId: place.logicalId })),
        );
      } else if (error instanceof ServiceError) {
        const { cause } = error;
        // Of a body, the place in the document.
        const at = cause instanceof DefinitionError ? { offset: cause.offset } : {};
        findings.push({ severity: 'error', text: serviceFailure(place, error), ...place, ...at });
      } else throw error;
    }
  }

  async #apply(resource: TemplateResource): Promise<void> {
    const { logicalId, type } = resource;
    otherPolicies(resource, this.stack.source.prefix, this.#deployment);
    const kind = kindOf(type);
    if (type === STACK) return this.#nest(resource);
    if (kind === undefined) return;
    const standIn = this.#standIn(logicalId);
    if (standIn?.ref !== undefined && type !== FUNCTION) {
      const found = await standInFor(resource, standIn, this.#evaluation, this.#deployment, this.stack);
      this.#written.set(logicalId, found);
      return;
    }
    // One that is elsewhere is a name, as other types are.
    if (standIn?.ref !== undefined) return;
    const wanted = type === FUNCTION ? wantedFunction : wantedOf;
    const desired = await wanted(resource, this.#evaluation, this.#deployment, this.stack);
    const isDeployment = type === DEPLOYMENT;
    const apiId = String(desired.properties.ApiId);
    if (isDeployment) await this.#leaving.deletePartsOf(apiId);
    const { deletionPolicy, updateReplacePolicy, offset } = resource;
    const isRenewed =
      isDeployment &&
      this.#deployment.request.redeploy === true &&
      this.#deployment.changesIn(apiId).length > 0;
    await this.#writer.write(
      { logicalId, type, desired, deletionPolicy, updateReplacePolicy, offset, isRenewed },
      kind,
    );
  }

  /** §11.7. */
  async #nest(resource: TemplateResource): Promise<void> {
    const source = await nestedSource(resource, this.#evaluation, this.#deployment, this.stack);
    if (source === undefined) return;
    const run = new StackRun(this.#deployment, await loadStack(this.#deployment, source));
    this.#nested.push(run);
    await run.apply();
    const values = Object.entries(run.outputs).flatMap(([name, { value }]) =>
      value === undefined ? [] : [[`Outputs.${name}`, value] as const],
    );
    this.#written.set(resource.logicalId, {
      LogicalId: resource.logicalId,
      Type: resource.type,
      PhysicalId: run.stack.id,
      Attributes: Object.fromEntries(values),
      Properties: { StackName: source.name },
      ...(resource.deletionPolicy === undefined ? {} : { DeletionPolicy: resource.deletionPolicy }),
      Replaced: 0,
    });
  }

  #standIn(logicalId: string): StandIn | undefined {
    return this.#deployment.settings.resources.get(this.stack.source.prefix + logicalId);
  }

  /** Whether a stored resource is one of the template's. */
  #keeps({ LogicalId, Type }: StackResourceDocument): boolean {
    const resource = this.stack.resources.get(LogicalId);
    return resource?.type === Type && this.#standIn(LogicalId)?.ref === undefined;
  }

  #wantedText(logicalId: string, property: string): string | undefined {
    const node = this.stack.resources.get(logicalId)?.properties.members.get(property)?.value;
    try {
      return node && textOf(this.#evaluation.evaluate(node));
    } catch (error) {
      if (error instanceof TemplateError || error instanceof NotKnown) return undefined;
      throw error;
    }
  }
}

// From the text of a template to its sections: macros, parameters, and all that can be checked before anything runs
// (spec/definitions.md §2, §3). Pure: what it needs of elsewhere it asks `TemplateMeans`, which answers at once.
import type { MapNode, Node } from '../tree/node.ts';
import { memberOf } from '../tree/node.ts';
import { checkReferences } from './check-references.ts';
import type { SourceText } from './deploy-request.ts';
import { Evaluation } from './evaluate/evaluation.ts';
import { type Finding, TemplateError } from './finding.ts';
import { Loops } from './macros/for-each.ts';
import { type IncludeMeans, Includes } from './macros/include.ts';
import { isWithoutEffect, LANGUAGE_EXTENSIONS, SERVERLESS, withoutEffect } from './macros/known-macros.ts';
import { type Transform, transformsOf } from './macros/transforms.ts';
import { checkMappings } from './mappings.ts';
import { itemsOf } from './parameter-constraints.ts';
import {
  type ParameterSources,
  type Parameters,
  readParameters,
  secretsIn,
  uncheckedValue,
} from './parameters.ts';
import { pseudoParameters, type StackPlace } from './pseudo-parameters.ts';
import { readTemplate } from './read-template.ts';
import { checkRules } from './rules.ts';
import { expandSam, LEFT_AS_THEY_ARE } from './sam/expand-sam.ts';
import type { EvaluationScope } from './scope.ts';
import { mapsIn, nodesIn, readSections, wrongTopLevel } from './sections.ts';
import type { Sources } from './sources.ts';
import type { Template } from './template.ts';

export interface TemplateMeans extends Pick<IncludeMeans, 'include'> {
  readonly place: StackPlace;
  readonly parameters: ParameterSources;
  exported(name: string): string | undefined;
  /** Told of each value that is not printed (§3.1.6), before anything is said of it. */
  hide(value: string): void;
}

export interface LoadedTemplate {
  readonly template: Template;
  /** Those whose conditions hold. */
  readonly resources: Template['resources'];
  /** Of parameters and pseudo parameters. */
  readonly parameters: EvaluationScope['parameters'];
  /** Names of parameters whose values are not printed. */
  readonly secrets: ReadonlySet<string>;
  /** Warnings and notes. */
  readonly findings: readonly Finding[];
}

/** Throws TemplateError with all errors that can be told together. */
export function loadTemplate(sources: Sources, source: SourceText, means: TemplateMeans): LoadedTemplate {
  return new TemplateLoader(sources, source, means).load();
}

class TemplateLoader {
  readonly #source: SourceText;
  readonly #means: TemplateMeans;
  readonly #pseudo: EvaluationScope['parameters'];
  readonly #includes: Includes;
  readonly #findings: Finding[] = [];
  #root: MapNode;
  #parameters: Parameters | undefined;

  constructor(sources: Sources, source: SourceText, means: TemplateMeans) {
    this.#source = source;
    this.#means = means;
    this.#pseudo = pseudoParameters(means.place);
    this.#root = readTemplate(source, sources);
    const includeMeans: IncludeMeans = {
      include: (location, from) => means.include(location, from),
      account: means.place.account,
    };
    this.#includes = new Includes(source, sources, includeMeans, () => this.#beforeParameters());
  }

  load(): LoadedTemplate {
    this.#root = this.#includes.expanded(this.#root, this.#source);
    const transforms = transformsOf(this.#root, this.#means.place.account);
    this.#transform(transforms);
    refuse(wrongTopLevel(this.#root, false));
    refuse(checkMappings(nodesIn(this.#root, 'Mappings')));
    const { declarations, values, secrets, findings } = this.#read();
    const declared = {
      parameters: declarations,
      mappings: mapsIn(this.#root, 'Mappings'),
      conditions: nodesIn(this.#root, 'Conditions'),
    };
    const evaluation = this.#evaluation(values);
    const template = readSections(this.#root, declared, evaluation);
    const isServerless = transforms.some(({ name }) => name === SERVERLESS);
    refuse(unrecognized(template, isServerless ? LEFT_AS_THEY_ARE : []));
    // What is wrong with a condition is found by all that ask it.
    const checked = new Set([
      ...wrongConditions(template, evaluation),
      ...checkRules(template.rules, evaluation),
      ...checkReferences(this.#root, template, evaluation),
    ]);
    refuse([...checked]);
    const hooks = memberOf(this.#root, 'Hooks');
    if (hooks !== undefined) this.#note('Hooks have no effect here', hooks.offset, 'Hooks');
    return {
      template,
      resources: thoseThatAre(template.resources, evaluation),
      parameters: new Map([...this.#pseudo, ...values]),
      secrets,
      findings: [...this.#includes.findings, ...findings, ...this.#findings, ...checked],
    };
  }

  #transform(transforms: readonly Transform[]): void {
    const isExtended = transforms.some(({ name }) => name === LANGUAGE_EXTENSIONS);
    for (const { name, node } of transforms) {
      if (name === 'AWS::Include') this.#root = this.#includes.merged(this.#root, node, this.#source);
      else if (name === LANGUAGE_EXTENSIONS) this.#extend();
      else if (isWithoutEffect(name))
        this.#findings.push({ ...withoutEffect(name), offset: node.offset, path: 'Transform' });
      else {
        if (!isExtended) this.#extendAnyway();
        this.#expandServerless();
      }
    }
    if (!isExtended && !transforms.some(({ name }) => name === SERVERLESS)) this.#extendAnyway();
  }

  #expandServerless(): void {
    const { region } = this.#means.place;
    const { root, findings } = expandSam(this.#root, { parameters: this.#read().values, region });
    this.#root = root;
    this.#findings.push(...findings);
  }

  #extend(): Loops {
    const loops = new Loops(this.#evaluation(this.#read().values));
    this.#root = loops.expanded(this.#root);
    return loops;
  }

  /** Choice D13. */
  #extendAnyway(): void {
    const { firstUse } = this.#extend();
    if (firstUse === undefined) return;
    this.#note(
      `AWS would refuse this function: the template has no Transform ${LANGUAGE_EXTENSIONS}`,
      firstUse.offset,
      firstUse.path,
    );
  }

  /** Once: what includes bring is there before anything needs a parameter. */
  #read(): Parameters {
    if (this.#parameters === undefined) {
      const { parameters, place } = this.#means;
      const section = memberOf(this.#root, 'Parameters');
      this.#hideIn(section);
      this.#parameters = readParameters(section, parameters, place.stackName);
      const { secrets, values } = this.#parameters;
      // Behind the name of an SSM parameter is another value.
      for (const name of secrets) this.#hide(values.get(name));
    }
    return this.#parameters;
  }

  /** Knows parameters and exports, and no resource. */
  #evaluation(values: EvaluationScope['parameters']): Evaluation {
    const evaluated = {
      mappings: mapsIn(this.#root, 'Mappings'),
      conditions: nodesIn(this.#root, 'Conditions'),
    };
    return new Evaluation(evaluated, {
      parameters: new Map([...this.#pseudo, ...values]),
      resource: () => undefined,
      exported: (name) => this.#means.exported(name),
      resolved: () => undefined,
    });
  }

  /** Where an include is may be said by a parameter, whose declaration may be included. */
  #beforeParameters(): Evaluation {
    const section = memberOf(this.#root, 'Parameters');
    this.#hideIn(section);
    const names = section?.kind === 'map' ? [...section.members.keys()] : [];
    const values = names.flatMap((name): readonly (readonly [string, string])[] => {
      const value = uncheckedValue(name, section, this.#means.parameters);
      return value === undefined ? [] : [[name, value]];
    });
    return this.#evaluation(new Map(values));
  }

  #hideIn(section: Node | undefined): void {
    for (const name of secretsIn(section)) {
      const value = uncheckedValue(name, section, this.#means.parameters);
      if (value === undefined) continue;
      this.#hide(value);
      this.#hide(itemsOf(value));
    }
  }

  #hide(value: string | readonly string[] | undefined): void {
    for (const each of [value ?? []].flat()) this.#means.hide(each);
  }

  #note(text: string, offset: number, path: string): void {
    this.#findings.push({ severity: 'note', text, offset, path });
  }
}

function refuse(findings: readonly Finding[]): void {
  if (findings.some(({ severity }) => severity === 'error')) throw new TemplateError(findings);
}

/** What is of SAM still, except what its expansion leaves (§2.2.5). */
function unrecognized({ resources }: Template, left: readonly string[]): readonly Finding[] {
  const found = [...resources.values()].filter(
    ({ type }) => type.startsWith('AWS::Serverless::') && !left.includes(type),
  );
  if (found.length === 0) return [];
  const types = [...new Set(found.map(({ type }) => type))].join(', ');
  const { offset, logicalId, type } = found[0]!;
  const text = `Template format error: Unrecognized resource types: [${types}]`;
  return [{ severity: 'error', text, offset, logicalId, type, path: `Resources.${logicalId}` }];
}

function thoseThatAre(resources: Template['resources'], evaluation: Evaluation): Template['resources'] {
  return new Map(
    [...resources].filter(([, { condition }]) => condition === undefined || evaluation.condition(condition)),
  );
}

/** All conditions are looked at, whether anything asks for them or not. */
function wrongConditions({ conditions }: Template, evaluation: Evaluation): readonly Finding[] {
  const findings = new Set<Finding>();
  for (const name of conditions.keys()) {
    try {
      evaluation.condition(name);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      for (const finding of error.findings) findings.add(finding);
    }
  }
  return [...findings];
}

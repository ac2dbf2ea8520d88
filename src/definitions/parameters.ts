// The parameters of a template and their values (spec/definitions.md §3.1).
import { type MapNode, memberOf, type Node } from '../tree/node.ts';
import { plainText } from './evaluate/plain-text.ts';
import { type Finding, TemplateError } from './finding.ts';
import { brokenConstraint, itemsOf } from './parameter-constraints.ts';
import { isListType, isParameterType, ssmValueType } from './parameter-types.ts';
import type { ParameterDeclaration } from './template.ts';

export type Values = { readonly [name: string]: string };

/** What values of parameters come from, the first that has one (§3.1.2). */
export interface ParameterSources {
  /** What somebody asked for: a name that the template lacks is an error. */
  readonly given?: Values | undefined;
  /** Of a samconfig.toml or an assembly. */
  readonly defaults?: Values | undefined;
  /** Of postern.yaml. */
  readonly settings?: Values | undefined;
  /** What an earlier deploy of the stack was given. */
  readonly earlier?: Values | undefined;
  /** The value of an SSM parameter. */
  ssm(name: string): string | undefined;
}

export interface Parameters {
  readonly declarations: ReadonlyMap<string, ParameterDeclaration>;
  readonly values: ReadonlyMap<string, string | readonly string[]>;
  /** Those with `NoEcho`. */
  readonly secrets: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

const MEMBERS = new Set([
  ...['Type', 'Default', 'Description', 'AllowedPattern', 'AllowedValues', 'ConstraintDescription'],
  ...['MaxLength', 'MinLength', 'MaxValue', 'MinValue', 'NoEcho'],
]);

/** Throws TemplateError with everything that is wrong. */
export function readParameters(
  section: Node | undefined,
  sources: ParameterSources,
  stackName: string,
): Parameters {
  const { declarations, findings: errors } = declarationsIn(section);
  const values = new Map<string, string | readonly string[]>();
  const missing: ParameterDeclaration[] = [];
  for (const declaration of declarations.values()) {
    const given = givenValue(declaration, sources);
    if (given === undefined) missing.push(declaration);
    else {
      const value = resolvedValue(declaration, given, sources, stackName);
      if ('error' in value) errors.push(errorOf(value.error, declaration));
      else values.set(declaration.name, value.value);
    }
  }
  if (missing.length > 0)
    errors.push(errorOf(`Parameters: [${namesOf(missing)}] must have values`, missing[0]!));
  const unknown = Object.keys(sources.given ?? {}).filter((name) => memberOf(section, name) === undefined);
  if (unknown.length > 0) {
    const text = `Parameters: [${unknown.join(', ')}] do not exist in the template`;
    errors.push({ severity: 'error', text });
  }
  if (errors.length > 0) throw new TemplateError(errors);
  return {
    declarations,
    values,
    secrets: secretsIn(section),
    findings: unusedIn(sources, declarations),
  };
}

/** What a parameter that is needed before all of them are read (§2.3.3) will be: its text, unchecked. */
export function uncheckedValue(
  name: string,
  section: Node | undefined,
  sources: ParameterSources,
): string | undefined {
  const node = memberOf(section, name);
  return node?.kind === 'map' ? givenValue({ name, node }, sources) : undefined;
}

function givenValue(
  { name, node }: Pick<ParameterDeclaration, 'name' | 'node'>,
  { given, defaults, settings, earlier }: ParameterSources,
): string | undefined {
  for (const values of [given, defaults, settings, earlier])
    if (values !== undefined && Object.hasOwn(values, name)) return values[name];
  return plainText(memberOf(node, 'Default'));
}

function declarationsIn(section: Node | undefined): {
  readonly declarations: ReadonlyMap<string, ParameterDeclaration>;
  readonly findings: Finding[];
} {
  const declarations = new Map<string, ParameterDeclaration>();
  const findings: Finding[] = [];
  const members = section?.kind === 'map' ? section.members : [];
  for (const [name, { keyOffset, value: node }] of members) {
    const type = plainText(memberOf(node, 'Type'));
    const text = wrongDeclaration(name, type, node);
    if (text !== undefined) findings.push(errorOf(text, { name, offset: keyOffset }));
    else declarations.set(name, { name, type: type!, node: node as MapNode, offset: keyOffset });
  }
  return { declarations, findings };
}

function wrongDeclaration(name: string, type: string | undefined, node: Node): string | undefined {
  if (!/^[A-Za-z0-9]+$/.test(name))
    return `Template format error: Parameter name ${name} is non alphanumeric.`;
  if (node.kind !== 'map') return `Template format error: [/Parameters/${name}] is no map`;
  if (type === undefined) return 'Template format error: Every Parameters object must contain a Type member.';
  if (!isParameterType(type)) return `Template format error: Unrecognized parameter type: ${type}`;
  const strange = [...node.members.keys()].find((key) => !MEMBERS.has(key));
  if (strange !== undefined) return `Invalid template parameter property '${strange}'`;
  if (node.members.has('Default') && plainText(memberOf(node, 'Default')) === undefined)
    return 'Template format error: Every Default member must be a string.';
  return undefined;
}

function resolvedValue(
  declaration: ParameterDeclaration,
  given: string,
  sources: ParameterSources,
  stackName: string,
): { readonly value: string | readonly string[] } | { readonly error: string } {
  const { name, type } = declaration;
  const error = brokenConstraint(declaration, given);
  if (error !== undefined) return { error };
  const behind = ssmValueType(type);
  if (behind === undefined) return { value: isListType(type) ? itemsOf(given) : given };
  const value = sources.ssm(given) ?? bootstrapVersion(given);
  if (value !== undefined) return { value: isListType(behind) ? itemsOf(value) : value };
  return {
    error: `Parameter ${name}: there is no SSM parameter ${given} here; say its value under stacks.${stackName}.ssm of postern.yaml`,
  };
}

/** Every template of the CDK asks for it (Choice D18). */
function bootstrapVersion(name: string): string | undefined {
  return /^\/cdk-bootstrap\/[^/]+\/version$/.test(name) ? '9999' : undefined;
}

/** Names of parameters with `NoEcho`. */
export function secretsIn(section: Node | undefined): ReadonlySet<string> {
  const members = section?.kind === 'map' ? [...section.members] : [];
  const secret = members.filter(
    ([, { value }]) => plainText(memberOf(value, 'NoEcho'))?.toLowerCase() === 'true',
  );
  return new Set(secret.map(([name]) => name));
}

/** Choice D17. */
function unusedIn(
  { defaults = {}, settings = {} }: ParameterSources,
  declarations: Parameters['declarations'],
): readonly Finding[] {
  const notes = (values: Values, where: string): readonly Finding[] =>
    Object.keys(values)
      .filter((name) => !declarations.has(name))
      .map((name) => ({
        severity: 'note',
        text: `The template has no parameter ${name}, which ${where} gives a value`,
      }));
  return [...notes(defaults, 'the configuration beside it'), ...notes(settings, 'postern.yaml')];
}

function errorOf(text: string, { name, offset }: Pick<ParameterDeclaration, 'name' | 'offset'>): Finding {
  return { severity: 'error', text, offset, path: `Parameters.${name}` };
}

function namesOf(declarations: readonly ParameterDeclaration[]): string {
  return declarations.map(({ name }) => name).join(', ');
}

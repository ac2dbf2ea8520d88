// Functions that name something: parameters, resources, mappings, exports (spec/definitions.md §4.2).
import type { Node } from '../../tree/node.ts';
import { memberOf } from '../../tree/node.ts';
import { argumentsOf, type Call } from './call.ts';
import type { Evaluator, TemplateFunction } from './evaluator.ts';
import { listNode, plainText, textNode } from './plain-text.ts';
import { BAD_VARIABLE, parseSub, splitName } from './sub-text.ts';

const NO_VALUE = 'AWS::NoValue';
const REF = 'Template error: every Ref object must have a single String value.';
const GET_ATT =
  'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute';
const SUB =
  "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string";
const FIND_IN_MAP =
  'Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value';
const IMPORT_VALUE =
  'Template error: the attribute in Fn::ImportValue must be a string or a function that returns one';

export const REFERENCE_FUNCTIONS: readonly (readonly [name: string, run: TemplateFunction])[] = [
  ['Ref', ({ argument, offset }, evaluator) => referred(evaluator.text(argument, REF), offset, evaluator)],
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', sub],
  ['Fn::FindInMap', findInMap],
  ['Fn::ImportValue', importValue],
];

/** What names in text, of parameters, pseudo parameters and resources, stand for. */
function referred(name: string, offset: number, evaluator: Evaluator): Node | undefined {
  if (name === NO_VALUE) return undefined;
  const value = evaluator.scope.parameters.get(name);
  if (typeof value === 'string') return handed(textNode(value, offset), evaluator);
  if (value !== undefined) return handed(listNode(value, offset), evaluator);
  const resource = evaluator.scope.resource(name);
  if (resource === undefined) throw unresolved(name, offset, evaluator);
  return textNode(resource.ref(), offset);
}

function unresolved(name: string, offset: number, evaluator: Evaluator): Error {
  const { block } = evaluator;
  return evaluator.error(
    block === 'Conditions' || block === 'Rules'
      ? `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the ${block} block of the template`
      : `Template format error: Unresolved resource dependencies [${name}] in the ${block} block of the template`,
    offset,
  );
}

function getAtt(call: Call, evaluator: Evaluator): Node {
  const { argument, offset } = call;
  const [id, attribute, ...rest] = argumentsOf(call);
  if (rest.length > 0) throw evaluator.error(GET_ATT, offset);
  if (id !== undefined)
    return attributeOf(evaluator.text(id, GET_ATT), evaluator.text(attribute, GET_ATT), offset, evaluator);
  const name = splitName(evaluator.text(argument, GET_ATT));
  if (name.attribute === undefined) throw evaluator.error(GET_ATT, offset);
  return attributeOf(name.id, name.attribute, offset, evaluator);
}

function attributeOf(id: string, attribute: string, offset: number, evaluator: Evaluator): Node {
  const resource = evaluator.scope.resource(id);
  if (resource === undefined)
    throw evaluator.error(
      `Template error: instance of Fn::GetAtt references undefined resource ${id}`,
      offset,
    );
  const value = resource.attribute(attribute);
  if (value === undefined)
    throw evaluator.error(
      `Requested attribute ${attribute} does not exist in schema for ${resource.type}`,
      offset,
    );
  return handed(typeof value === 'string' ? textNode(value, offset) : value, evaluator);
}

function sub(call: Call, evaluator: Evaluator): Node {
  const { argument, offset } = call;
  const items = argument.kind === 'list' ? argument.items : [argument];
  const [first, variables] = items;
  const text = plainText(first);
  const isUsable = text !== undefined && items.length <= 2 && (variables?.kind ?? 'map') === 'map';
  if (!isUsable) throw evaluator.error(SUB, offset);
  const parts = parseSub(text);
  if (parts === undefined) throw evaluator.error(BAD_VARIABLE, offset);
  let result = '';
  for (const part of parts) {
    const piece = 'text' in part ? part.text : substituted(part.name, variables, offset, evaluator);
    evaluator.spend(piece.length, offset);
    result += piece;
  }
  return textNode(result, offset);
}

function substituted(
  name: string,
  variables: Node | undefined,
  offset: number,
  evaluator: Evaluator,
): string {
  const given = memberOf(variables, name);
  const value = given === undefined ? named(name, offset, evaluator) : evaluator.value(given);
  if (value === undefined) return '';
  const text = plainText(value);
  if (text === undefined)
    throw evaluator.error(
      `Template error: variable ${name} in Fn::Sub expression does not resolve to a string`,
      offset,
    );
  return text;
}

function named(name: string, offset: number, evaluator: Evaluator): Node | undefined {
  const { id, attribute } = splitName(name);
  return attribute === undefined
    ? referred(id, offset, evaluator)
    : attributeOf(id, attribute, offset, evaluator);
}

function findInMap(call: Call, evaluator: Evaluator): Node | undefined {
  const items = argumentsOf(call);
  const fallback = memberOf(items[3], 'DefaultValue');
  if (items.length !== 3 && !(items.length === 4 && fallback !== undefined))
    throw evaluator.error(FIND_IN_MAP, call.offset);
  const [map, first, second] = items.slice(0, 3).map((item) => evaluator.text(item, FIND_IN_MAP)) as [
    string,
    string,
    string,
  ];
  const mapping = evaluator.template.mappings.get(map);
  const found = memberOf(memberOf(mapping, first), second);
  if (found !== undefined) return handed(found, evaluator);
  if (fallback !== undefined) return evaluator.value(fallback);
  throw evaluator.error(
    mapping === undefined
      ? `Template error: Mapping named '${map}' is not present in the 'Mappings' section of template.`
      : `Template error: Unable to get mapping for ${map}::${first}::${second}`,
    call.offset,
  );
}

function importValue({ argument, offset }: Call, evaluator: Evaluator): Node {
  const name = evaluator.text(argument, IMPORT_VALUE);
  const value = evaluator.scope.exported(name);
  if (value === undefined) throw evaluator.error(`No export named ${name} found.`, offset);
  return handed(textNode(value, offset), evaluator);
}

/** A value that may be large, and be asked for many times. */
function handed(value: Node, evaluator: Evaluator): Node {
  evaluator.spendTexts(value);
  return value;
}

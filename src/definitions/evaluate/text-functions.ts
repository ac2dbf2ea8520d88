// Functions that make texts and lists of others (spec/definitions.md §4.2, §4.4.2).
import type { Node } from '../../tree/node.ts';
import { scalarOf } from '../../tree/scalar.ts';
import { argumentsOf, type Call } from './call.ts';
import { subnetsOf } from './cidr.ts';
import type { Evaluator, TemplateFunction } from './evaluator.ts';
import { jsonText, listNode, plainText, textNode } from './plain-text.ts';

/** More would be too much to be handed on. */
const MAX_PIECES = 1_000_000;
const JOIN =
  'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.';
const SPLIT =
  'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.';
const SELECT =
  'Template error: every Fn::Select object requires two parameters, the first of which is the index and the second of which is the list that is selected from';
const BASE64 = 'Template error: every Fn::Base64 object must have a String-typed value.';
const CIDR =
  'Template error: every Fn::Cidr object requires two or three parameters: an IP address block, the number of blocks from 1 to 256, and the number of bits for each';
const GET_AZS = 'Template error: every Fn::GetAZs object requires the name of a region or an empty text';
const LENGTH = 'Fn::Length layout is incorrect';
const TO_JSON = 'Fn::ToJsonString layout is incorrect';

export const TEXT_FUNCTIONS: readonly (readonly [name: string, run: TemplateFunction])[] = [
  ['Fn::Join', join],
  ['Fn::Split', split],
  ['Fn::Select', select],
  ['Fn::Base64', base64],
  ['Fn::Cidr', cidr],
  ['Fn::GetAZs', zones],
  ['Fn::Length', length],
  ['Fn::ToJsonString', toJsonString],
];

function join(call: Call, evaluator: Evaluator): Node {
  const { offset } = call;
  const items = argumentsOf(call);
  const delimiter = plainText(items[0]);
  if (items.length !== 2 || delimiter === undefined) throw evaluator.error(JOIN, offset);
  const texts = evaluator.list(items[1], JOIN).map((item) => {
    const text = plainText(item);
    if (text === undefined) throw evaluator.error(JOIN, offset);
    evaluator.spend(text.length + delimiter.length, offset);
    return text;
  });
  return textNode(texts.join(delimiter), offset);
}

function split(call: Call, evaluator: Evaluator): Node {
  const { offset } = call;
  const items = argumentsOf(call);
  const delimiter = plainText(items[0]);
  if (items.length !== 2 || delimiter === undefined || delimiter === '') throw evaluator.error(SPLIT, offset);
  const text = evaluator.text(items[1], SPLIT);
  const pieces = listNode(text.split(delimiter, MAX_PIECES), offset);
  evaluator.spendTexts(pieces);
  return pieces;
}

function select(call: Call, evaluator: Evaluator): Node {
  const items = argumentsOf(call);
  if (items.length !== 2) throw evaluator.error(SELECT, call.offset);
  const index = evaluator.text(items[0], SELECT);
  const selected = /^\d{1,9}$/.test(index) ? evaluator.list(items[1], SELECT)[Number(index)] : undefined;
  if (selected === undefined)
    throw evaluator.error(
      `Template error: Fn::Select cannot select nonexistent value at index ${index}`,
      call.offset,
    );
  return selected;
}

function base64({ argument, offset }: Call, evaluator: Evaluator): Node {
  const text = evaluator.text(argument, BASE64);
  evaluator.spend(text.length, offset);
  return textNode(Buffer.from(text).toString('base64'), offset);
}

function cidr(call: Call, evaluator: Evaluator): Node {
  const { offset } = call;
  const items = argumentsOf(call);
  if (items.length < 2 || items.length > 3) throw evaluator.error(CIDR, offset);
  const [block, count, bits = '8'] = items.map((item) => evaluator.text(item, CIDR)) as [string, string];
  const blocks = subnetsOf(block, Number(count), Number(bits));
  if (typeof blocks === 'string') throw evaluator.error(`Template error: Fn::Cidr: ${blocks}`, offset);
  return listNode(blocks, offset);
}

/** Choice D20. */
function zones({ argument, offset }: Call, evaluator: Evaluator): Node {
  const given = evaluator.text(argument, GET_AZS);
  const region = given === '' ? evaluator.scope.parameters.get('AWS::Region') : given;
  return listNode(
    ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
    offset,
  );
}

function length({ argument, offset }: Call, evaluator: Evaluator): Node {
  return scalarOf('number', String(evaluator.list(argument, LENGTH).length), offset);
}

function toJsonString({ argument, offset }: Call, evaluator: Evaluator): Node {
  const value = evaluator.value(argument);
  if (value === undefined || value.kind === 'scalar') throw evaluator.error(TO_JSON, offset);
  evaluator.spendTexts(value);
  return textNode(jsonText(value), offset);
}

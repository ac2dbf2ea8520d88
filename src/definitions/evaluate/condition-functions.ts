// Functions of conditions and rules, and the one that chooses by a condition (spec/definitions.md §3.3, §3.4.1).
import type { Node } from '../../tree/node.ts';
import { scalarOf } from '../../tree/scalar.ts';
import { argumentsOf, type Call } from './call.ts';
import type { Evaluator, TemplateFunction } from './evaluator.ts';
import { jsonText, plainText } from './plain-text.ts';

const EQUALS = 'Template error: every Fn::Equals object requires a list of 2 string parameters.';
const NOT = 'Template error: every Fn::Not object requires a list of one boolean parameter.';
const IF =
  'Template error: every Fn::If object requires a list of three parameters: the name of a condition, the value if it holds, and the value if not';
const CONTAINS = 'Template error: every Fn::Contains object requires a list of strings and a string.';
const EACH_EQUALS =
  'Template error: every Fn::EachMemberEquals object requires a list of strings and a string.';
const EACH_IN = 'Template error: every Fn::EachMemberIn object requires two lists of strings.';
const CONDITION = 'Template error: every Condition object must have a single String value.';

const boolean =
  (decide: (call: Call, evaluator: Evaluator) => boolean): TemplateFunction =>
  (call, evaluator) =>
    scalarOf('boolean', String(decide(call, evaluator)), call.offset);

export const CONDITION_FUNCTIONS: readonly (readonly [name: string, run: TemplateFunction])[] = [
  ['Fn::If', choose],
  [
    'Condition',
    boolean(({ argument, offset }, evaluator) =>
      evaluator.condition(evaluator.text(argument, CONDITION), offset),
    ),
  ],
  ['Fn::Equals', boolean(equals)],
  ['Fn::Not', boolean((call, evaluator) => !operands(call, 1, 1, NOT, evaluator)[0]!())],
  ['Fn::And', boolean((call, evaluator) => severalOf(call, evaluator).every((holds) => holds()))],
  ['Fn::Or', boolean((call, evaluator) => severalOf(call, evaluator).some((holds) => holds()))],
  [
    'Fn::Contains',
    boolean((call, evaluator) => {
      const [list, value] = pairOf(call, CONTAINS, evaluator);
      return texts(list, CONTAINS, evaluator).includes(evaluator.text(value, CONTAINS));
    }),
  ],
  [
    'Fn::EachMemberEquals',
    boolean((call, evaluator) => {
      const [list, value] = pairOf(call, EACH_EQUALS, evaluator);
      const wanted = evaluator.text(value, EACH_EQUALS);
      return texts(list, EACH_EQUALS, evaluator).every((text) => text === wanted);
    }),
  ],
  [
    'Fn::EachMemberIn',
    boolean((call, evaluator) => {
      const [list, among] = pairOf(call, EACH_IN, evaluator);
      const allowed = new Set(texts(among, EACH_IN, evaluator));
      return texts(list, EACH_IN, evaluator).every((text) => allowed.has(text));
    }),
  ],
];

/** Only the branch that is taken is evaluated (Choice D19). */
function choose(call: Call, evaluator: Evaluator): Node | undefined {
  const [name, then, otherwise, ...rest] = argumentsOf(call);
  if (then === undefined || otherwise === undefined || rest.length > 0)
    throw evaluator.error(IF, call.offset);
  const condition = plainText(name);
  const holds =
    condition === undefined ? evaluator.holds(name, IF) : evaluator.condition(condition, call.offset);
  return evaluator.value(holds ? then : otherwise);
}

function equals(call: Call, evaluator: Evaluator): boolean {
  const [left, right] = pairOf(call, EQUALS, evaluator).map((node) => comparable(evaluator.value(node)));
  return left === right;
}

function comparable(value: Node | undefined): string | undefined {
  return value === undefined ? undefined : (plainText(value) ?? jsonText(value));
}

function pairOf(call: Call, otherwise: string, evaluator: Evaluator): readonly [Node, Node] {
  const items = argumentsOf(call);
  if (items.length !== 2) throw evaluator.error(otherwise, call.offset);
  return items as unknown as readonly [Node, Node];
}

function texts(node: Node, otherwise: string, evaluator: Evaluator): readonly string[] {
  return evaluator.list(node, otherwise).map((item) => evaluator.text(item, otherwise));
}

function severalOf(call: Call, evaluator: Evaluator): readonly (() => boolean)[] {
  const otherwise = `Template error: every ${call.name} object requires a list of at least 2 and at most 10 boolean parameters.`;
  return operands(call, 2, 10, otherwise, evaluator);
}

/** Later ones are evaluated only when the earlier leave it open. */
function operands(
  call: Call,
  least: number,
  most: number,
  otherwise: string,
  evaluator: Evaluator,
): readonly (() => boolean)[] {
  const items = argumentsOf(call);
  if (items.length < least || items.length > most) throw evaluator.error(otherwise, call.offset);
  return items.map((item) => () => evaluator.holds(item, otherwise));
}

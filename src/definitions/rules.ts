// Rules of a template: what has to hold of its parameters (spec/definitions.md §3.4).
import { type MapNode, memberOf, type Node } from '../tree/node.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import { plainText } from './evaluate/plain-text.ts';
import { isUnevaluated } from './evaluate/unsupported.ts';
import { type Finding, TemplateError } from './finding.ts';

export function checkRules(rules: ReadonlyMap<string, MapNode>, evaluation: Evaluation): readonly Finding[] {
  return Array.from(rules, ([name, rule]) => {
    const path = `Rules.${name}`;
    if (asksAws(rule)) {
      const text = `The rule ${name} asks AWS about an account: it is not checked here`;
      return [{ severity: 'note' as const, text, offset: rule.offset, path }];
    }
    try {
      return failedIn(rule, evaluation, path);
    } catch (error) {
      if (error instanceof TemplateError) return error.findings;
      throw error;
    }
  }).flat();
}

function failedIn(rule: MapNode, evaluation: Evaluation, path: string): readonly Finding[] {
  const condition = memberOf(rule, 'RuleCondition');
  if (condition !== undefined && !evaluation.holds(condition, { path: `${path}.RuleCondition` })) return [];
  const assertions = memberOf(rule, 'Assertions');
  if (assertions?.kind !== 'list')
    return [
      {
        severity: 'error',
        text: 'Template format error: a rule needs a list of Assertions',
        offset: rule.offset,
        path,
      },
    ];
  return assertions.items.flatMap((item, index): readonly Finding[] => {
    const place = { offset: item.offset, path: `${path}.Assertions.${index}` };
    const assertion = memberOf(item, 'Assert');
    if (assertion === undefined)
      return [{ severity: 'error', text: 'Template format error: an assertion needs Assert', ...place }];
    if (evaluation.holds(assertion, { path: place.path })) return [];
    const description = plainText(memberOf(item, 'AssertDescription'));
    return [{ severity: 'error', text: description ?? `An assertion of the rule does not hold`, ...place }];
  });
}

function asksAws(node: Node): boolean {
  if (node.kind === 'scalar') return false;
  if (node.kind === 'list') return node.items.some(asksAws);
  return [...node.members].some(([key, { value }]) => isUnevaluated(key) || asksAws(value));
}

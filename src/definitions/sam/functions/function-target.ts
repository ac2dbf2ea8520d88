// What events, URLs and permissions lead to: a function, or its alias.
import type { Plain, Tree } from '../editing.ts';
import { getAtt, ref } from '../intrinsics.ts';
import type { TemplateAttributes } from '../resource.ts';

export interface FunctionTarget {
  readonly logicalId: string;
  /** As permissions and event sources name it. */
  readonly name: Plain;
  readonly arn: Plain;
  /** The ARN in the text of `Fn::Sub`. */
  readonly arnVariable: string;
  /** What everything that is made for it gets. */
  readonly passedOn: TemplateAttributes;
  readonly condition: Tree | undefined;
}

export function functionTarget(logicalId: string, passedOn: TemplateAttributes): FunctionTarget {
  return {
    logicalId,
    name: ref(logicalId),
    arn: getAtt(logicalId, 'Arn'),
    arnVariable: `\${${logicalId}.Arn}`,
    passedOn,
    condition: passedOn.Condition,
  };
}

/** The Ref of an alias is its ARN. */
export function aliasTarget(logicalId: string, passedOn: TemplateAttributes): FunctionTarget {
  return {
    logicalId,
    name: ref(logicalId),
    arn: ref(logicalId),
    arnVariable: `\${${logicalId}}`,
    passedOn,
    condition: passedOn.Condition,
  };
}

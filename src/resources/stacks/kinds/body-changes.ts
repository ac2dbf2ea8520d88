// What becomes of the body of an Api (spec/definitions.md §5.2.1, §5.2.4, §5.2.5).
import type { MemberChange } from '../../../definitions/deploy-answer.ts';
import type { Finding } from '../../../definitions/finding.ts';
import type { BoundedLines } from '../../../openapi/bounded-lines.ts';
import type { Context } from '../../context.ts';
import { warningsError } from '../../openapi/import-api.ts';
import type { Desired, Written } from '../stack-kind.ts';
import { IMPORT_PROPERTIES, type ReadBody, withoutBody } from './api-body.ts';
import { bodyDifference } from './body-difference.ts';
import { deleteParts, isAsMade, replaceParts, warningsOf } from './body-parts.ts';
import { membersBetween } from './members.ts';
import { isSameTree } from './same-tree.ts';

/** Makes what a definition has. Throws a BadRequestException for warnings with FailOnWarnings. */
export async function applyBody(
  context: Context,
  apiId: string,
  { definition, placeOf }: ReadBody,
  warnings: BoundedLines,
  { properties }: Desired,
): Promise<readonly Finding[]> {
  const lines = await replaceParts(context, apiId, definition, warnings);
  if (properties.FailOnWarnings === true && lines.length > 0) throw warningsError(lines);
  return lines.map(({ text, offset }) => importFinding(text, placeOf(offset)));
}

/** What is said of the path that SAM gives the default route: it is one all the same (§8.5.1). */
const DEFAULT_ROUTE = 'Parse issue: attribute paths. Resource $default should start with /';

function importFinding(text: string, offset: number | undefined): Finding {
  return { severity: text === DEFAULT_ROUTE ? 'note' : 'warning', text, offset };
}

interface BodyUpdate {
  readonly before: Desired;
  readonly desired: Desired;
  /** The body that is desired. */
  readonly read: ReadBody | undefined;
  /** What has been said of the API itself. */
  readonly warnings: BoundedLines;
}

type Changes = Pick<Written, 'members' | 'changedOutside' | 'findings'>;

/** Imports the body anew when it is another, or what it made is. */
export async function updateBody(
  context: Context,
  apiId: string,
  { before, desired, read, warnings }: BodyUpdate,
): Promise<Changes> {
  if (read === undefined) {
    const isGone = await deleteParts(context, apiId);
    return { members: isGone ? [{ name: 'Body' }] : [], findings: withoutBody(desired) };
  }
  const members = membersBetween(importOf(before), importOf(desired));
  const isOther = before.body === undefined || !isSameTree(before.body, desired.body!);
  const isKept = await isAsMade(context, apiId);
  if (isKept && !isOther && members.length === 0) {
    const { offset } = desired.body!;
    const texts = await warningsOf(context, apiId);
    return { members, findings: texts.map((text) => importFinding(text, offset)) };
  }
  const findings = await applyBody(context, apiId, read, warnings, desired);
  const isOutside = !isOther && members.length === 0;
  return {
    members: [...bodyMembers(before, desired, isOther, isOutside), ...members],
    findings,
    ...(isOutside ? { changedOutside: true } : {}),
  };
}

/** Where the body is another, or that it is. */
function bodyMembers(
  { body }: Desired,
  desired: Desired,
  isOther: boolean,
  isOutside: boolean,
): readonly MemberChange[] {
  if (body !== undefined && isOther) return bodyDifference(body, desired.body!);
  return isOther || isOutside ? [{ name: 'Body' }] : [];
}

function importOf({ properties }: Desired): Desired['properties'] {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => IMPORT_PROPERTIES.includes(name)));
}

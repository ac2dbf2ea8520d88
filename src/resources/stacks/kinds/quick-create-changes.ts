// What an update makes of the resources that quick create made (spec/definitions.md §5.2, §5.2.6).
import { templateError } from '../../../definitions/finding.ts';
import type { ApiDocument } from '../../api/api-document.ts';
import { QUICK_CREATE_MEMBERS, type QuickCreate, rewriteQuickCreate } from '../../api/quick-create.ts';
import type { Context } from '../../context.ts';
import type { Desired, Written } from '../stack-kind.ts';
import { membersBetween } from './members.ts';
import { changedDocuments } from './resource-kind.ts';

/** The management API has no way to say it. */
export function refuseRemovedTarget(before: Desired, desired: Desired): void {
  if (before.properties.Target === undefined || desired.properties.Target !== undefined) return;
  throw templateError('Target can be changed but not removed; give the API another logical id');
}

/** Makes what quick create made as the target says. */
export async function updateTarget(
  context: Context,
  { ApiId, QuickCreate: made }: ApiDocument,
  before: Desired,
  desired: Desired,
): Promise<Pick<Written, 'members' | 'changedOutside'>> {
  if (made === undefined) return { members: [] };
  const rewritten = await rewriteQuickCreate(context, ApiId, made, desired.properties as QuickCreate);
  const members = membersBetween(targetIn(before), targetIn(desired));
  if (members.length > 0) return { members };
  const others = changedDocuments(rewritten);
  return others.length === 0 ? { members } : { members: others, changedOutside: true };
}

function targetIn({ properties }: Desired): Desired['properties'] {
  const said = Object.entries(properties).filter(([name]) => QUICK_CREATE_MEMBERS.includes(name));
  return Object.fromEntries(said);
}

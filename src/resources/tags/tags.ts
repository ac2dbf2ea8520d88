// GetTags, TagResource, UntagResource (spec/management-api.md §2.14, §8.23).
import { type ManagementResource, parseManagementArn } from '../../grammar/management-arn.ts';
import { decodePercent } from '../../grammar/percent.ts';
import type { Document, Key } from '../../store/store.ts';
import { notFound } from '../../wire/errors.ts';
import type { Context, Handler, ReadContext } from '../context.ts';
import { parsed } from '../syntax.ts';
import { checkTags, type Tags } from './tag-rules.ts';

interface Tagged {
  readonly key: Key;
  readonly document: Document;
  readonly tags: Tags;
}

export const getTags: Handler<'GetTags'> = async (input, context) => {
  const { tags } = await tagged(input.ResourceArn, context);
  return { Tags: tags };
};

/** TagResource: adds and replaces. */
export const tagResource: Handler<'TagResource'> = async (input, context) => {
  const found = await tagged(input.ResourceArn, context);
  checkTags(input.Tags);
  const tags = { ...found.tags, ...input.Tags };
  checkTags(tags);
  await putTags(found, tags, context);
};

/** UntagResource: keys that are not there are no error. */
export const untagResource: Handler<'UntagResource'> = async (input, context) => {
  const found = await tagged(input.ResourceArn, context);
  const gone = new Set(input.TagKeys);
  const left = Object.entries(found.tags).filter(([key]) => !gone.has(key));
  await putTags(found, Object.fromEntries(left), context);
};

async function putTags({ key, document }: Tagged, tags: Tags, { tx }: Context): Promise<void> {
  await tx.put(key, { ...document, Tags: tags });
}

/** The collections of the resources that have tags, by kind of ARN. */
const TAGGABLE: Readonly<Partial<Record<ManagementResource, readonly string[]>>> = {
  api: ['apis'],
  stage: ['apis', 'stages'],
  domainName: ['domainnames'],
  vpcLink: ['vpclinks'],
};

async function tagged(arn: string, { tx, account, region }: ReadContext): Promise<Tagged> {
  const { resource, ids, ...place } = parsed(() => parseManagementArn(arn));
  // Some write a stage's name as in a URL: `%24default`.
  const path = TAGGABLE[resource]?.flatMap((collection, i) => [collection, decodePercent(ids[i]!) ?? '']);
  const key = [account, region, ...(path ?? [])];
  const document = path === undefined || place.region !== region ? undefined : await tx.get(key);
  if (document === undefined) throw notFound('Invalid resource ARN specified');
  return { key, document, tags: (document.Tags ?? {}) as Tags };
}

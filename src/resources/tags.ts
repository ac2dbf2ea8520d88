// GetTags, TagResource, UntagResource (spec/management-api.md §2.14, §8.23).
import type { Document, Key } from '../store/store.ts';
import { badRequest, notFound } from '../wire/errors.ts';
import type { Context, Handler, ReadContext } from './context.ts';
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

/** Paths of the resources that have tags, as they stand in ARNs. */
const TAGGABLE: readonly RegExp[] = [
  /^apis\/[^/]+$/,
  /^apis\/[^/]+\/stages\/[^/]+$/,
  /^domainnames\/[^/]+$/,
  /^vpclinks\/[^/]+$/,
];

const ARN = /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+):(\d*):\/([^?#]+)$/;

async function tagged(arn: string, { tx, account, region }: ReadContext): Promise<Tagged> {
  const match = ARN.exec(arn);
  if (match === null) throw badRequest('Invalid ARN specified in the request');
  const path = match[3]!;
  const key = [account, region, ...path.split('/')];
  const isOurs = match[1] === region && match[2] === '' && TAGGABLE.some((form) => form.test(path));
  const document = isOurs ? await tx.get(key) : undefined;
  if (document === undefined) throw notFound('Invalid resource ARN specified');
  return { key, document, tags: (document.Tags ?? {}) as Tags };
}

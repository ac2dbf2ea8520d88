// GetTags, TagResource, UntagResource (spec/management-api.md §2.14, §8.23).
import { apiKeyOf, domainKeyOf, type Place, stagesOf, vpcLinksOf } from '../../config/keys.ts';
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
  const tags = { ...found.tags, ...input.Tags };
  checkTags(input.Tags, input.Tags);
  checkTags(tags, input.Tags);
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

type KeyOf = (place: Place, id: string, second: string) => Key;

/** Where the resources that have tags are stored, by kind and ids of their ARNs. */
const TAGGABLE: Readonly<Partial<Record<ManagementResource, KeyOf>>> = {
  api: apiKeyOf,
  stage: (place, apiId, name) => [...stagesOf(apiKeyOf(place, apiId)), name],
  domainName: domainKeyOf,
  vpcLink: (place, id) => [...vpcLinksOf(place), id],
};

async function tagged(arn: string, context: ReadContext): Promise<Tagged> {
  const { resource, ids, ...place } = parsed(() => parseManagementArn(arn));
  // Some write a stage's name as in a URL: `%24default`.
  const [id = '', second = ''] = ids.map((each) => decodePercent(each) ?? '');
  const key = place.region === context.region ? TAGGABLE[resource]?.(context, id, second) : undefined;
  const document = key && (await context.tx.get(key));
  if (key === undefined || document === undefined) throw notFound('Invalid resource ARN specified');
  return { key, document, tags: (document.Tags ?? {}) as Tags };
}

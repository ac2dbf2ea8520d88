// Routing rules of custom domain names (spec/management-api.md §2.12; http-api.md §1.6, Choice C5: their targets are HTTP
// and WebSocket APIs). Texts in the newer validator's language (§8.21).
import { collectionOf, type Place } from '../../config/keys.ts';
import type {
  HeaderMatch,
  RoutingAction,
  RoutingCondition,
  RoutingRuleDocument,
} from '../../config/routing-rule.ts';
import { partitionOf, printManagementArn } from '../../grammar/management-arn.ts';
import { isReservedHeader } from '../../grammar/mapping-key.ts';
import { TOKEN } from '../../grammar/token.ts';
import {
  BadPageError,
  type Document,
  type Key,
  type Listing,
  type Page,
  type ReadTransaction,
} from '../../store/store.ts';
import { badRequest, conflict } from '../../wire/errors.ts';
import { listAll } from '../document-list.ts';
import { resource } from '../resource.ts';
import type { Draft, Scope } from '../rules.ts';
import { requireStage } from './api-mapping.ts';
import type { DomainNameDocument } from './domain-name-document.ts';

type RuleScope = Scope<RoutingRuleDocument, readonly [DomainNameDocument]>;

export const routingRules = resource<'RoutingRule', RoutingRuleDocument, readonly [DomainNameDocument]>(
  'RoutingRule',
  {
    idLength: 6,
    patch: {},
    settle,
    list: listByPriority,
    print: (document, [{ DomainName }], context) => ({
      ...document,
      RoutingRuleArn: routingRuleArn(DomainName, document.RoutingRuleId, context),
    }),
  },
);

export function routingRuleArn(domainName: string, ruleId: string, { region, account }: Place): string {
  return printManagementArn({
    partition: partitionOf(region),
    region,
    account,
    resource: 'routingRule',
    ids: [domainName, ruleId],
  });
}

async function settle(draft: Draft<RoutingRuleDocument>, scope: RuleScope): Promise<RoutingRuleDocument> {
  const { context, id, key } = scope;
  const { Priority = 0, Conditions = [], Actions = [] } = draft;
  if (Priority < 1 || Priority > 1_000_000) {
    throw invalid('priority', String(Priority), 'Member must be between 1 and 1000000');
  }
  checkConditions(Conditions);
  const [action, ...more] = Actions;
  if (action === undefined || more.length > 0) {
    throw invalid('actions', JSON.stringify(Actions), 'Member must have exactly one entry');
  }
  await requireStage(action.InvokeApi.ApiId, action.InvokeApi.Stage, context);
  const rules = await listAll<RoutingRuleDocument>(context.tx, collectionOf(key));
  if (rules.some((rule) => rule.Priority === Priority && rule.RoutingRuleId !== id)) {
    throw conflict(`A routing rule with priority ${Priority} already exists for this domain name`);
  }
  return { RoutingRuleId: id, Priority, Conditions, Actions: [settledAction(action)] };
}

function settledAction({ InvokeApi }: RoutingAction): RoutingAction {
  return { InvokeApi: { ...InvokeApi, StripBasePath: InvokeApi.StripBasePath ?? false } };
}

function checkConditions(conditions: readonly RoutingCondition[]): void {
  let headers = 0;
  let basePaths = 0;
  for (const { MatchHeaders, MatchBasePaths } of conditions) {
    if ((MatchHeaders === undefined) === (MatchBasePaths === undefined)) {
      throw invalid('conditions', '', 'Member must have one of matchHeaders and matchBasePaths');
    }
    if (MatchHeaders !== undefined) {
      headers++;
      checkHeader(onlyEntry('conditions.matchHeaders.anyOf', MatchHeaders.AnyOf));
    } else {
      basePaths++;
      checkBasePath(onlyEntry('conditions.matchBasePaths.anyOf', MatchBasePaths!.AnyOf));
    }
  }
  if (headers > 2 || basePaths > 1) {
    const count = `${headers} matchHeaders and ${basePaths} matchBasePaths`;
    throw invalid('conditions', count, 'Member must have at most 2 matchHeaders and 1 matchBasePaths');
  }
}

function onlyEntry<T>(member: string, anyOf: readonly T[]): T {
  const [entry, ...more] = anyOf;
  if (entry === undefined || more.length > 0) {
    throw invalid(member, JSON.stringify(anyOf), 'Member must have exactly one entry');
  }
  return entry;
}

const RESERVED_HERE: ReadonlySet<string> = new Set(['x-apigw-api-id', 'x-restapi']);
const GLOB = /^\*?[A-Za-z0-9?\-!#$%&'.^_`|~]*\*?$/;

function checkHeader({ Header, ValueGlob }: HeaderMatch): void {
  const header = 'conditions.matchHeaders.anyOf.header';
  checkShorter(header, Header, 40);
  if (!TOKEN.test(Header)) throw invalid(header, Header, 'Member must be a header name');
  const name = Header.toLowerCase();
  if (isReservedHeader(name) || RESERVED_HERE.has(name)) {
    throw invalid(header, Header, 'Member must not be a reserved header');
  }
  const glob = 'conditions.matchHeaders.anyOf.valueGlob';
  checkShorter(glob, ValueGlob, 128);
  if (!GLOB.test(ValueGlob)) {
    const where = "Member must satisfy a glob of allowed characters, with '*' only at its start and end";
    throw invalid(glob, ValueGlob, where);
  }
  const between = /^\*(.+)\*$/.exec(ValueGlob)?.[1];
  if (between !== undefined && between.length >= 40) {
    throw invalid(glob, ValueGlob, 'Member must have less than 40 characters between wildcards');
  }
}

function checkBasePath(basePath: string): void {
  const member = 'conditions.matchBasePaths.anyOf';
  checkShorter(member, basePath, 128);
  if (!/^[^/\s?#]+(?:\/[^/\s?#]+)*$/.test(basePath)) {
    throw invalid(member, basePath, "Member must be path segments without a '/' at its start or end");
  }
}

function checkShorter(member: string, text: string, limit: number): void {
  if (text.length >= 1 && text.length < limit) return;
  throw invalid(member, text, `Member must have length between 1 and ${limit - 1}`);
}

function invalid(member: string, value: string, constraint: string): Error {
  return badRequest(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** In the order of evaluation. A page's token is the last priority on it. */
async function listByPriority(
  tx: ReadTransaction,
  collection: Key,
  { limit, after }: Page,
): Promise<Listing> {
  const { entries } = await tx.list(collection);
  const sorted = [...entries].sort((a, b) => priorityOf(a.document) - priorityOf(b.document));
  const from = after === undefined ? 0 : positionOf(after);
  const rest = sorted.filter(({ document }) => priorityOf(document) > from);
  const page = rest.slice(0, limit);
  if (page.length === rest.length) return { entries: page };
  return { entries: page, next: Buffer.from(`p${priorityOf(page.at(-1)!.document)}`).toString('base64url') };
}

function priorityOf(document: Document): number {
  return (document as unknown as RoutingRuleDocument).Priority;
}

function positionOf(token: string): number {
  const digits = /^p([0-9]{1,7})$/.exec(Buffer.from(token, 'base64url').toString('latin1'))?.[1];
  if (digits === undefined) throw new BadPageError('a page token of routing rules is a priority');
  return Number(digits);
}

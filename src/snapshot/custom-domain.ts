// A custom domain, compiled: which mapping or rule a request takes (spec/http-api.md §1.5, §1.6). Requests only compare
// text.
import type { DomainConfig, DomainTls, MappingConfig, RuleConfig } from '../config/domain.ts';
import type { HeaderMatch } from '../config/routing-rule.ts';
import type { HeaderBlock } from '../net/header-block.ts';
import type { DomainChoice } from '../stage/domain-choice.ts';

export interface CustomDomain {
  /** As configured: `*.example.com`. */
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly tls: DomainTls;
  /** Of its mappings and rules. */
  readonly apiIds: readonly string[];
  /** The choice for a decoded, normalised path; undefined when nothing matches. */
  choose(path: string, headers: HeaderBlock): DomainChoice | undefined;
}

export function compileDomain(config: DomainConfig): CustomDomain {
  return new CompiledDomain(config);
}

class CompiledDomain implements CustomDomain {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly tls: DomainTls;
  readonly apiIds: readonly string[];
  readonly #rules: readonly CompiledRule[];
  /** The longest key first. */
  readonly #mappings: readonly CompiledKey[];
  readonly #matchesPrefixes: boolean;

  constructor({ name, accountId, region, tls, usesRules, usesMappings, rules, mappings }: DomainConfig) {
    this.name = name;
    this.accountId = accountId;
    this.region = region;
    this.tls = tls;
    const byPriority = usesRules ? [...rules].sort((a, b) => a.priority - b.priority) : [];
    this.#rules = byPriority.map((rule) => compileRule(name, rule));
    const byLength = usesMappings ? [...mappings].sort((a, b) => b.key.length - a.key.length) : [];
    this.#mappings = byLength.map((mapping) => compileKey(name, mapping));
    this.apiIds = [...this.#rules, ...this.#mappings].map(({ choice }) => choice.apiId);
    // One multi-level key makes all keys of the domain prefixes (Choice C4).
    this.#matchesPrefixes = byLength.some(({ key }) => key.includes('/'));
  }

  choose(path: string, headers: HeaderBlock): DomainChoice | undefined {
    const rules = this.#rules;
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i]!;
      if (isRuleMatch(rule, path, headers)) return rule.choice;
    }
    const mappings = this.#mappings;
    for (let i = 0; i < mappings.length; i++) {
      const { slashed, choice } = mappings[i]!;
      if (this.#matchesPrefixes ? path.startsWith(slashed) : isBase(slashed, path)) return choice;
    }
    return undefined;
  }
}

/** Whether whole segments of the path spell `slashed`: `/shop` of `/shop` and `/shop/1`, not of `/shops`. */
function isBase(slashed: string, path: string): boolean {
  const { length } = slashed;
  return (
    path.startsWith(slashed) && (path.length === length || path.charCodeAt(length) === 0x2f || length === 0)
  );
}

interface CompiledKey {
  /** The key behind a slash; empty for the empty key. */
  readonly slashed: string;
  readonly choice: DomainChoice;
}

function compileKey(domainName: string, { id, apiId, stage, key }: MappingConfig): CompiledKey {
  const slashed = key === '' ? '' : `/${key}`;
  return {
    slashed,
    choice: Object.freeze({
      domainName,
      kind: 'mapping',
      id,
      apiId,
      stage,
      basePath: key,
      taken: slashed.length,
    }),
  };
}

interface CompiledRule {
  readonly headers: readonly CompiledHeader[];
  /** Undefined: any path. */
  readonly slashed: string | undefined;
  readonly choice: DomainChoice;
}

function compileRule(domainName: string, rule: RuleConfig): CompiledRule {
  const { id, apiId, stage, basePath, headers, stripsBasePath } = rule;
  const slashed = basePath === undefined ? undefined : `/${basePath}`;
  return {
    headers: headers.map(compileHeader),
    slashed,
    choice: Object.freeze({
      domainName,
      kind: 'rule',
      id,
      apiId,
      stage,
      basePath: basePath ?? '',
      taken: stripsBasePath && slashed !== undefined ? slashed.length : 0,
    }),
  };
}

function isRuleMatch({ headers, slashed }: CompiledRule, path: string, block: HeaderBlock): boolean {
  if (slashed !== undefined && !isBase(slashed, path)) return false;
  for (let i = 0; i < headers.length; i++) if (!isHeaderMatch(headers[i]!, block)) return false;
  return true;
}

interface CompiledHeader {
  readonly lowerName: string;
  /** The glob without its stars. */
  readonly text: string;
  readonly startsAnywhere: boolean;
  readonly endsAnywhere: boolean;
}

function compileHeader({ Header, ValueGlob }: HeaderMatch): CompiledHeader {
  const startsAnywhere = ValueGlob.startsWith('*');
  const endsAnywhere = ValueGlob.endsWith('*');
  return {
    lowerName: Header.toLowerCase(),
    text: ValueGlob.slice(startsAnywhere ? 1 : 0, endsAnywhere && ValueGlob.length > 1 ? -1 : undefined),
    startsAnywhere,
    endsAnywhere,
  };
}

function isHeaderMatch(header: CompiledHeader, block: HeaderBlock): boolean {
  const value = block.joined(header.lowerName);
  if (value === undefined) return false;
  const { text, startsAnywhere, endsAnywhere } = header;
  if (startsAnywhere) return endsAnywhere ? value.includes(text) : value.endsWith(text);
  return endsAnywhere ? value.startsWith(text) : value === text;
}

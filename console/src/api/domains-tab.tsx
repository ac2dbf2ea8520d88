import { useEffect, useState } from 'react';
import { Table } from '../parts/table.tsx';
import { sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';
import { listAll } from '../shell/list-all.ts';
import type { TabProps } from './api.tsx';
import type { MappingDocument } from './documents.ts';
import type { WholeApi } from './whole-api.ts';

interface Domain {
  readonly domainName: string;
  readonly routingMode?: string;
}

interface Row {
  readonly domain: string;
  readonly how: string;
  readonly stage: string;
  readonly key: string;
}

interface Rule {
  readonly routingRuleId: string;
  readonly priority: number;
  readonly conditions: readonly { readonly matchBasePaths?: { readonly anyOf: readonly string[] } }[];
  readonly actions: readonly { readonly invokeApi: { readonly apiId: string; readonly stage: string } }[];
}

/** The custom domains that lead to the API: by mappings, and by routing rules. */
export function DomainsTab({ whole }: TabProps) {
  const [rows, setRows] = useState<readonly Row[]>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    const asking = new AbortController();
    readRows(whole, asking.signal).then(setRows, (failure: unknown) => {
      if (!asking.signal.aborted) setError(sentenceOf(failure));
    });
    return () => asking.abort();
  }, [whole]);
  if (error !== undefined) {
    return (
      <p className="notice bad" role="alert">
        {error}
      </p>
    );
  }
  if (rows === undefined) return <p className="muted">Loading …</p>;
  return (
    <Table
      label="Custom domains"
      columns={[
        { title: 'Host name', kind: 'code', cell: ({ domain }) => domain },
        { title: 'By', cell: ({ how }) => how },
        { title: 'Path', kind: 'code', isWide: true, cell: ({ key }) => key },
        { title: 'Stage', kind: 'code', cell: ({ stage }) => stage },
      ]}
      rows={rows}
      keyOf={({ domain, how, key, stage }) => `${domain} ${how} ${key} ${stage}`}
      empty="No custom domain leads here: CreateDomainName makes one, CreateApiMapping leads it to a stage."
    />
  );
}

async function readRows({ api, region }: WholeApi, signal: AbortSignal): Promise<readonly Row[]> {
  const domains = await listAll<Domain>('/v2/domainnames', region, signal);
  const rows = await Promise.all(domains.map((domain) => rowsOf(domain, api.apiId, region, signal)));
  return rows.flat();
}

async function rowsOf(
  { domainName, routingMode = 'API_MAPPING_ONLY' }: Domain,
  apiId: string,
  region: string,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const path = `/v2/domainnames/${encodeURIComponent(domainName)}`;
  const mappings = await listAll<MappingDocument>(`${path}/apimappings`, region, signal);
  const rules = routingMode === 'API_MAPPING_ONLY' ? [] : await listRules(path, region, signal);
  return [
    ...mappings
      .filter((mapping) => mapping.apiId === apiId)
      .map(({ apiMappingKey = '', stage }) => ({
        domain: domainName,
        how: 'API mapping',
        stage,
        key: apiMappingKey === '' ? '(all paths)' : `/${apiMappingKey}`,
      })),
    ...rules.flatMap(({ priority, conditions, actions }) =>
      actions
        .filter(({ invokeApi }) => invokeApi.apiId === apiId)
        .map(({ invokeApi }) => ({
          domain: domainName,
          how: `routing rule ${priority}`,
          stage: invokeApi.stage,
          key:
            conditions.flatMap(({ matchBasePaths }) => matchBasePaths?.anyOf ?? []).join(', ') ||
            '(by its conditions)',
        })),
    ),
  ];
}

async function listRules(path: string, region: string, signal: AbortSignal): Promise<readonly Rule[]> {
  const { routingRules = [] } = await call<{ routingRules?: readonly Rule[] }>(
    'GET',
    `${path}/routingrules`,
    undefined,
    {
      region,
      signal,
    },
  );
  return routingRules;
}

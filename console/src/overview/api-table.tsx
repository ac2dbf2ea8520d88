import type { Problem, StageOverview } from '../../../src/management/postern/overview-route.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Link } from '../shell/history.tsx';
import { useMe } from '../shell/session.ts';
import type { FoundApi } from './search.ts';
import { Sparkline } from './sparkline.tsx';

export interface ApiTableProps {
  readonly found: readonly FoundApi[];
  readonly problems: readonly Problem[];
  /** Of the caller: other accounts are named. */
  readonly accountId: string;
}

export function ApiTable({ found, problems, accountId }: ApiTableProps) {
  const { region } = useMe();
  const columns: readonly Column<FoundApi>[] = [
    {
      title: 'Name',
      isWide: true,
      cell: ({ api, hits }) => (
        <>
          <Link
            className="name"
            to={`/apis/${api.apiId}${api.region === region ? '' : `?region=${api.region}`}`}
          >
            {api.name}
          </Link>{' '}
          <code className="muted">{api.apiId}</code>
          {api.description !== undefined && <div className="muted">{api.description}</div>}
          {hits.map((hit) => (
            <div key={hit} className="hit code">
              {hit}
            </div>
          ))}
        </>
      ),
    },
    {
      title: 'Protocol',
      cell: ({ api }) => <Badge>{api.protocolType === 'HTTP' ? 'HTTP' : 'WebSocket'}</Badge>,
    },
    {
      title: 'Region',
      kind: 'fixed',
      cell: ({ api }) => (
        <>
          {api.region}
          {api.accountId !== accountId && <div className="muted">{api.accountId}</div>}
        </>
      ),
    },
    { title: 'Stages', cell: ({ api }) => <Stages stages={api.stages} /> },
    { title: 'Routes', kind: 'number', cell: ({ api }) => api.routes.length + (api.moreRoutes ?? 0) },
    {
      title: 'Host names',
      kind: 'code',
      cell: ({ api }) => api.domains.map((name) => <div key={name}>{name}</div>),
    },
    { title: 'Last ten minutes', cell: ({ api }) => <Sparkline {...api.traffic} /> },
    {
      title: 'Problems',
      cell: ({ api }) => <ProblemCount problems={problems.filter(({ apiId }) => apiId === api.apiId)} />,
    },
  ];
  return (
    <Table
      label="APIs"
      columns={columns}
      rows={found}
      keyOf={({ api }) => `${api.accountId} ${api.region} ${api.apiId}`}
      empty="No API has all of these words."
    />
  );
}

const TONES: Readonly<Record<StageOverview['status'], Tone>> = {
  live: 'good',
  empty: 'neutral',
  failed: 'bad',
};

function Stages({ stages }: { readonly stages: readonly StageOverview[] }) {
  if (stages.length === 0) return <span className="muted">none</span>;
  return (
    <span className="stages">
      {stages.map(({ name, status, problem, routeProblems }) => (
        <Badge
          key={name}
          tone={status === 'live' && routeProblems.length > 0 ? 'warn' : TONES[status]}
          title={problem ?? (status === 'empty' ? 'Nothing has been deployed to it.' : undefined)}
        >
          {name}
          {status !== 'live' && `: ${status}`}
        </Badge>
      ))}
    </span>
  );
}

function ProblemCount({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  const isBad = problems.some(({ level }) => level === 'bad');
  return (
    <Badge tone={isBad ? 'bad' : 'warn'} title={problems.map(({ text }) => text).join('\n')}>
      {problems.length}
    </Badge>
  );
}

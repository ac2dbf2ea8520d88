// One API: what it is, and a tab for each kind of thing that it has.
import type { ReactNode } from 'react';
import { Badge } from '../parts/badge.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { Link } from '../shell/history.tsx';
import type { ViewProps } from '../shell/routes.tsx';
import { useMe } from '../shell/session.ts';
import { AuthorizersTab } from './authorizers-tab.tsx';
import { DeploymentsTab } from './deployments-tab.tsx';
import { DomainsTab } from './domains-tab.tsx';
import { OpenApiTab } from './openapi-tab.tsx';
import { RoutesTab } from './routes-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { StagesTab } from './stages-tab.tsx';
import { useWholeApi, type WholeApi } from './whole-api.ts';
import './api.css';

export interface TabProps {
  readonly whole: WholeApi;
  /** After something was changed. */
  readonly reload: () => void;
  readonly query: URLSearchParams;
}

interface ApiTab {
  readonly name: string;
  readonly title: string;
  readonly count?: (whole: WholeApi) => number;
  readonly render: (props: TabProps) => ReactNode;
}

const TABS: readonly ApiTab[] = [
  {
    name: 'routes',
    title: 'Routes',
    count: ({ routes }) => routes.length,
    render: (props) => <RoutesTab {...props} />,
  },
  {
    name: 'stages',
    title: 'Stages',
    count: ({ stages }) => stages.length,
    render: (props) => <StagesTab {...props} />,
  },
  {
    name: 'deployments',
    title: 'Deployments',
    count: ({ deployments }) => deployments.length,
    render: (props) => <DeploymentsTab {...props} />,
  },
  {
    name: 'authorizers',
    title: 'Authorizers',
    count: ({ authorizers }) => authorizers.size,
    render: (props) => <AuthorizersTab {...props} />,
  },
  { name: 'domains', title: 'Domains', render: (props) => <DomainsTab {...props} /> },
  { name: 'openapi', title: 'OpenAPI', render: (props) => <OpenApiTab {...props} /> },
  { name: 'settings', title: 'Settings', render: (props) => <SettingsTab {...props} /> },
];

export function Api({ params, query }: ViewProps) {
  const apiId = params.apiId!;
  const me = useMe();
  const asked = query.get('region') ?? undefined;
  const { value: whole, error, reload } = useWholeApi(apiId, asked, me.region);
  const name = params.tab ?? 'routes';
  const tab = TABS.find((each) => each.name === name);
  if (whole === undefined) {
    return error === undefined ? (
      <p className="muted">Loading …</p>
    ) : (
      <>
        <h1>{apiId}</h1>
        <p className="notice bad" role="alert">
          {error}
        </p>
        <Link to="/">All APIs</Link>
      </>
    );
  }
  const { api, region } = whole;
  const suffix = region === me.region ? '' : `?region=${region}`;
  return (
    <>
      <header className="api-head">
        <div className="row">
          <h1>{api.name}</h1>
          <code className="muted">{api.apiId}</code>
          <CopyButton text={api.apiId} label="the API's id" />
          <Badge>{api.protocolType === 'HTTP' ? 'HTTP' : 'WebSocket'}</Badge>
          <span className="muted">{region}</span>
          <span className="spring" />
          <Link to={`/live?api=${api.apiId}`}>Live requests</Link>
        </div>
        {api.description !== undefined && <p className="muted">{api.description}</p>}
        <p>
          <code>{api.apiEndpoint}</code> <CopyButton text={api.apiEndpoint} label="the endpoint" />
          {api.disableExecuteApiEndpoint === true && <Badge tone="warn">disabled</Badge>}
        </p>
      </header>
      {error !== undefined && (
        <p className="notice bad" role="alert">
          {error}
        </p>
      )}
      <Tabs
        label="Parts of the API"
        tabs={TABS.map((each) => ({
          to: `/apis/${api.apiId}/${each.name}${suffix}`,
          title: each.count === undefined ? each.title : `${each.title} ${each.count(whole)}`,
          isCurrent: each.name === name,
        }))}
      />
      {tab === undefined ? (
        <p className="notice warn">
          An API has no part <code>{name}</code>.
        </p>
      ) : (
        tab.render({ whole, reload, query })
      )}
    </>
  );
}

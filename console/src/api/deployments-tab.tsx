import type { ReactNode } from 'react';
import { Badge } from '../parts/badge.tsx';
import { Diff } from '../parts/diff.tsx';
import { Table } from '../parts/table.tsx';
import { useCall } from '../parts/use-call.ts';
import { navigate } from '../shell/history.tsx';
import type { TabProps } from './api.tsx';
import type { DeploymentDocument } from './documents.ts';

/** One difference between two deployments. */
interface Change {
  readonly kind: string;
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The API as it is, where a deployment is named. */
const NOW = 'now';

/** All deployments, and what is different between two of them. */
export function DeploymentsTab({ whole, query }: TabProps) {
  const { api, deployments, stages, region } = whole;
  const ids = deployments.map(({ deploymentId }) => deploymentId);
  const known = (id: string | null): string | undefined =>
    id !== null && [NOW, ...ids].includes(id) ? id : undefined;
  const to = known(query.get('to')) ?? NOW;
  const from = known(query.get('from')) ?? ids[0];
  const compare = (next: { from?: string; to?: string }): void => {
    const words = new URLSearchParams({ region, from: from ?? '', to, ...next });
    navigate(`/apis/${api.apiId}/deployments?${words}`, { replace: true });
  };
  const stagesOf = (id: string): ReactNode =>
    stages
      .filter(({ deploymentId }) => deploymentId === id)
      .map(({ stageName }) => (
        <Badge key={stageName} tone="good">
          {stageName}
        </Badge>
      ));
  return (
    <>
      <Table
        label="Deployments"
        columns={[
          { title: 'Deployment', kind: 'code', cell: ({ deploymentId }) => deploymentId },
          { title: 'Made', kind: 'fixed', cell: ({ createdDate }) => new Date(createdDate).toLocaleString() },
          {
            title: 'Description',
            isWide: true,
            cell: ({ description, autoDeployed, deploymentStatus = '', deploymentStatusMessage }) => (
              <>
                {description} {autoDeployed === true && <span className="muted">by auto-deploy</span>}
                {deploymentStatus === 'FAILED' && (
                  <Badge tone="bad">{deploymentStatusMessage ?? 'failed'}</Badge>
                )}
              </>
            ),
          },
          {
            title: 'Stages',
            cell: ({ deploymentId }) => <span className="stages">{stagesOf(deploymentId)}</span>,
          },
        ]}
        rows={deployments}
        keyOf={({ deploymentId }) => deploymentId}
        empty="Nothing has been deployed: CreateDeployment, or a stage with auto-deploy, makes a deployment."
      />
      {from !== undefined && (
        <section className="compare" aria-label="Comparison">
          <div className="row">
            <h2>Changes</h2>
            <Choice
              label="from"
              value={from}
              deployments={deployments}
              onChange={(id) => compare({ from: id })}
            />
            <Choice label="to" value={to} deployments={deployments} onChange={(id) => compare({ to: id })} />
          </div>
          <Changes apiId={api.apiId} region={region} from={from} to={to} />
        </section>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly deployments: readonly DeploymentDocument[];
  readonly onChange: (id: string) => void;
}

function Choice({ label, value, deployments, onChange }: ChoiceProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value={NOW}>the API as it is now</option>
        {deployments.map(({ deploymentId, createdDate, description }) => (
          <option key={deploymentId} value={deploymentId}>
            {[deploymentId, new Date(createdDate).toLocaleString(), description].filter(Boolean).join(' · ')}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ChangesProps {
  readonly apiId: string;
  readonly region: string;
  readonly from: string;
  readonly to: string;
}

function Changes({ apiId, region, from, to }: ChangesProps) {
  const query = new URLSearchParams({ apiId, from, to });
  const { value, error } = useCall<{ changes: readonly Change[] }>(`/_postern/deployments/diff?${query}`, {
    region,
  });
  if (error !== undefined) {
    return (
      <p className="notice bad" role="alert">
        {error}
      </p>
    );
  }
  if (value === undefined) return <p className="muted">Loading …</p>;
  if (value.changes.length === 0) return <p className="muted">Nothing is different.</p>;
  return value.changes.map(({ kind, name, change, before, after }) => (
    <article key={`${kind} ${name}`} className="change">
      <h3>
        <Badge tone={change === 'added' ? 'good' : change === 'removed' ? 'bad' : 'info'}>{change}</Badge>{' '}
        {kind} <code>{name}</code>
      </h3>
      <Diff label={`${kind} ${name}`} before={textOf(before)} after={textOf(after)} />
    </article>
  ));
}

const textOf = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value, null, 2));

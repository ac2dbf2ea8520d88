import { useState } from 'react';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { useCall } from '../parts/use-call.ts';
import { call } from '../shell/client.ts';
import { Link } from '../shell/history.tsx';
import { useReadOnly } from '../shell/session.ts';
import type { TabProps } from './api.tsx';
import type { ApiDocument, StageDocument } from './documents.ts';
import { StageThrottles } from './stage-throttles.tsx';
import { StageVariables } from './stage-variables.tsx';
import { useSave } from './use-save.ts';

/** Of GET /_postern/stages. */
interface StageStatus {
  readonly region: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly status: 'live' | 'empty' | 'failed';
  readonly liveDeploymentId?: string;
  readonly problem?: string;
  readonly routeProblems: readonly {
    readonly routeKey: string;
    readonly part: string;
    readonly reason: string;
  }[];
}

export interface StageProps extends TabProps {
  readonly stage: StageDocument;
}

/** The stages: where each answers, what it runs, and what of it is changed while one tries things. */
export function StagesTab(props: TabProps) {
  const { api, stages } = props.whole;
  const { value, reload: reloadStatus } = useCall<{ stages: readonly StageStatus[] }>('/_postern/stages');
  if (stages.length === 0) {
    return (
      <EmptyState title="It has no stages">
        <p>A stage serves a deployment of the API at an address: CreateStage makes one.</p>
      </EmptyState>
    );
  }
  const reload = (): void => {
    props.reload();
    reloadStatus();
  };
  return stages.map((stage) => (
    <Stage
      {...props}
      key={stage.stageName}
      reload={reload}
      stage={stage}
      status={value?.stages.find((each) => each.apiId === api.apiId && each.stageName === stage.stageName)}
    />
  ));
}

/** `http://a1b2c3d4e5.execute-api.localhost:4700/prod` */
function urlOf({ apiEndpoint, protocolType }: ApiDocument, { stageName }: StageDocument): string {
  const base = apiEndpoint.replace(/\/$/, '');
  return protocolType === 'HTTP' && stageName === '$default' ? base : `${base}/${stageName}`;
}

function Stage(props: StageProps & { readonly status: StageStatus | undefined }) {
  const { whole, stage, status } = props;
  const url = urlOf(whole.api, stage);
  const shown = status?.liveDeploymentId ?? stage.deploymentId;
  return (
    <section className="stage" aria-label={`Stage ${stage.stageName}`}>
      <div className="row">
        <h2>{stage.stageName}</h2>
        {status !== undefined && (
          <Badge tone={status.status === 'live' ? 'good' : status.status === 'failed' ? 'bad' : 'neutral'}>
            {status.status}
          </Badge>
        )}
        {stage.autoDeploy === true && (
          <Badge title="Each change of the API is deployed at once.">auto-deploy</Badge>
        )}
        <code>{url}</code>
        <CopyButton text={url} label={`the URL of ${stage.stageName}`} />
        <span className="spring" />
        {shown !== undefined && (
          <span>
            deployment <code>{shown}</code>
          </span>
        )}
        <Link to={`/apis/${whole.api.apiId}/deployments?region=${whole.region}&from=${shown ?? ''}&to=now`}>
          Changes since
        </Link>
      </div>
      {stage.description !== undefined && <p className="muted">{stage.description}</p>}
      {status?.problem !== undefined && <p className="notice bad">{status.problem}</p>}
      {[...byReason(status?.routeProblems ?? [])].map(([reason, keys]) => (
        <p key={reason} className="notice warn">
          {keys.map((key) => (
            <code key={key} className="route-key">
              {key}
            </code>
          ))}{' '}
          {keys.length === 1 ? 'refuses' : 'refuse'} every request: {reason}
        </p>
      ))}
      {stage.autoDeploy !== true && <Deploy {...props} />}
      <div className="columns">
        <StageVariables {...props} key={JSON.stringify(stage.stageVariables)} />
        <StageThrottles {...props} />
      </div>
    </section>
  );
}

/** The routes that cannot run, by what is wrong with them. */
function byReason(problems: StageStatus['routeProblems']): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { routeKey, part, reason } of problems) {
    const why = `${part}: ${reason}`;
    found.set(why, [...(found.get(why) ?? []), routeKey]);
  }
  return found;
}

/** Deploys the API as it is now to a stage that does not follow by itself. */
function Deploy({ whole, stage, reload }: StageProps) {
  const readOnly = useReadOnly();
  const { isBusy, error, run } = useSave();
  const [description, setDescription] = useState('');
  const deploy = async (): Promise<void> => {
    const path = `/v2/apis/${whole.api.apiId}/deployments`;
    const input = { stageName: stage.stageName, ...(description === '' ? {} : { description }) };
    if (!(await run(() => call('POST', path, input, { region: whole.region })))) return;
    setDescription('');
    reload();
  };
  return (
    <>
      <form
        className="row deploy"
        onSubmit={(event) => {
          event.preventDefault();
          void deploy();
        }}
      >
        <input
          aria-label={`Description of the deployment to ${stage.stageName}`}
          placeholder="description"
          value={description}
          disabled={readOnly !== undefined}
          onChange={(event) => setDescription(event.target.value)}
        />
        <Button type="submit" disabled={isBusy} disabledBecause={readOnly}>
          {isBusy ? 'Deploying …' : `Deploy to ${stage.stageName}`}
        </Button>
      </form>
      {error !== undefined && (
        <p className="notice bad" role="alert">
          {error}
        </p>
      )}
    </>
  );
}

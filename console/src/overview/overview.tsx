// All APIs that the caller may see, found by anything that they have, with what is wrong with them.
import { useEffect, useRef, useState } from 'react';
import type { Problem } from '../../../src/management/postern/overview-route.ts';
import { Badge } from '../parts/badge.tsx';
import { Link, navigate } from '../shell/history.tsx';
import type { ViewProps } from '../shell/routes.tsx';
import { ApiTable } from './api-table.tsx';
import { FirstApi } from './first-api.tsx';
import './overview.css';
import { SampleResult, type SampleRun } from './sample-result.tsx';
import { findApis } from './search.ts';
import { useOverview, type WholeOverview } from './use-overview.ts';

export function Overview({ query }: ViewProps) {
  const { value, error, reload } = useOverview();
  const text = query.get('text') ?? '';
  const [sample, setSample] = useState<SampleRun>();
  if (value === undefined) {
    return error === undefined ? <p className="muted">Loading …</p> : <Failed why={error} />;
  }
  const made = (run: SampleRun): void => {
    setSample(run);
    reload();
  };
  const found = findApis(value.apis, text);
  return (
    <>
      {error !== undefined && <Failed why={error} />}
      {sample !== undefined && <SampleResult run={sample} onClose={() => setSample(undefined)} />}
      {value.apis.length === 0 && sample === undefined && <FirstApi onMade={made} />}
      {value.apis.length > 0 && (
        <>
          <div className="row heading">
            <h1>APIs</h1>
            <span className="muted" role="status">
              {text === '' ? value.apis.length : `${found.length} of ${value.apis.length}`}
            </span>
            <span className="spring" />
            <Search text={text} onText={searchFor} />
          </div>
          <ApiTable found={found} problems={value.problems} accountId={value.accountId} />
        </>
      )}
      <Problems problems={value.problems} apis={value.apis} />
    </>
  );
}

/** The search is in the address: it is there again after a look at an API, and can be passed on. */
function searchFor(text: string): void {
  navigate(text === '' ? '/' : `/?${new URLSearchParams({ text })}`, { replace: true });
}

function Failed({ why }: { readonly why: string }) {
  return (
    <p className="notice bad" role="alert">
      {why}
    </p>
  );
}

function Search({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  return (
    <input
      ref={input}
      type="search"
      className="search"
      aria-label="Search APIs"
      aria-keyshortcuts="/"
      placeholder="Name, route, integration, host name   /"
      value={text}
      onChange={(event) => onText(event.target.value)}
    />
  );
}

/** Problems that are shown before the rest is folded away. */
const SHOWN = 12;

interface ProblemsProps {
  readonly problems: readonly Problem[];
  readonly apis: WholeOverview['apis'];
}

function Problems({ problems, apis }: ProblemsProps) {
  if (problems.length === 0) return null;
  const names = new Map(apis.map(({ apiId, name }) => [apiId, name]));
  const rest = problems.slice(SHOWN);
  return (
    <section className="problems" aria-label="Problems">
      <h2>Problems</h2>
      <List problems={problems.slice(0, SHOWN)} names={names} />
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          <List problems={rest} names={names} />
        </details>
      )}
    </section>
  );
}

interface ListProps {
  readonly problems: readonly Problem[];
  /** Of APIs. */
  readonly names: ReadonlyMap<string, string>;
}

function List({ problems, names }: ListProps) {
  return (
    <ul>
      {problems.map(({ level, text, where, apiId }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: problems have no other name.
        <li key={at}>
          <Badge tone={level === 'bad' ? 'bad' : 'warn'}>{level === 'bad' ? 'fails' : 'no effect'}</Badge>
          <span>
            {apiId !== undefined && <Link to={`/apis/${apiId}`}>{names.get(apiId) ?? apiId}</Link>}{' '}
            {where !== undefined && <b>{where}: </b>}
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}

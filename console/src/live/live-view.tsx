// Live requests: the list, and beside it one of them, or two of them compared.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useFollowed } from '../parts/use-followed.ts';
import { sentenceOf } from '../shell/call-error.ts';
import { navigate } from '../shell/history.tsx';
import type { ViewProps } from '../shell/routes.tsx';
import { useMe } from '../shell/session.ts';
import { useApiChoices } from './api-choices.ts';
import { FeedButtons } from './feed-buttons.tsx';
import { FilterBar } from './filter-bar.tsx';
import { parseFilters, printFilters } from './filters.ts';
import './live.css';
import { LivePane } from './live-pane.tsx';
import { NoRequestsYet, RequestsAreOff } from './no-requests.tsx';
import { PinnedRequests } from './pinned-requests.tsx';
import { pins, togglePin } from './pins.ts';
import { RequestFeed } from './request-feed.ts';
import { RequestTable } from './request-table.tsx';

export function LiveView(props: ViewProps) {
  if (useMe().liveRequests !== 'off') return <LiveRequests {...props} />;
  return (
    <>
      <h1>Live requests</h1>
      <RequestsAreOff />
    </>
  );
}

function LiveRequests({ params, query }: ViewProps) {
  const [feed] = useState(() => new RequestFeed());
  const { server, refused, rows, skipped } = useFollowed(feed.state);
  const pinned = useFollowed(pins);
  const { apis, names } = useApiChoices();
  const [problem, setProblem] = useState<string>();
  const search = query.toString();
  const filters = useMemo(() => parseFilters(search), [search]);
  const filter = printFilters(filters);
  useEffect(() => feed.watch(filter), [feed, filter]);

  const openId = params.id;
  const compared = useMemo(
    () => (new URLSearchParams(search).get('compare') ?? '').split(',').filter(Boolean),
    [search],
  );
  const kept = search === '' ? '' : `?${search}`;
  const addressOf = useCallback((id: string) => `/live/${encodeURIComponent(id)}${kept}`, [kept]);
  const onPin = useCallback((id: string) => {
    setProblem(undefined);
    togglePin(id).catch((error: unknown) => setProblem(sentenceOf(error)));
  }, []);
  const onCompare = useCallback(
    (id: string) => {
      const next = compared.includes(id)
        ? compared.filter((each) => each !== id)
        : [...compared, id].slice(-2);
      const others = new URLSearchParams(search);
      if (next.length === 0) others.delete('compare');
      else others.set('compare', next.join(','));
      const path =
        next.length === 2 || openId === undefined ? '/live' : `/live/${encodeURIComponent(openId)}`;
      navigate(others.size === 0 ? path : `${path}?${others}`, { replace: true });
    },
    [compared, search, openId],
  );
  const actions = { names, addressOf, pinned, compared, onPin, onCompare };
  const hasPane = openId !== undefined || compared.length === 2;
  return (
    <div className={hasPane ? 'live split' : 'live'}>
      <section className="list" aria-label="List">
        <div className="row">
          <h1>Live requests</h1>
          <span className="spring" />
          <FeedButtons feed={feed} />
        </div>
        <FilterBar
          filters={filters}
          apis={apis}
          onChange={(changed) => navigate(`/live${printFilters(changed, search)}`, { replace: true })}
        />
        {server === 'gone' && (
          <p className="notice warn" role="status">
            The server does not answer. It is asked again until it does.
          </p>
        )}
        {(refused ?? problem) !== undefined && (
          <p className="notice bad" role="alert">
            {refused ?? problem}
          </p>
        )}
        {compared.length === 1 && (
          <p className="notice info" role="status">
            Choose another request to compare with.
          </p>
        )}
        {skipped > 0 && (
          <p className="muted">{`${skipped.toLocaleString('en')} skipped: they came faster than they can be shown.`}</p>
        )}
        {pinned.size > 0 && <PinnedRequests {...actions} openId={openId} />}
        {rows.length === 0 && server !== 'asked' && refused === undefined && (
          <NoRequestsYet apis={apis} isFiltered={filter !== ''} />
        )}
        {rows.length > 0 && (
          <RequestTable
            {...actions}
            rows={rows}
            openId={openId}
            onOpen={(id) => navigate(addressOf(id), { replace: true })}
          />
        )}
      </section>
      {hasPane && (
        <LivePane
          openId={openId}
          actions={actions}
          listAddress={`/live${openId === undefined ? printQuery(search, 'compare') : kept}`}
        />
      )}
    </div>
  );
}

/** A query without one of its parameters. */
function printQuery(search: string, without: string): string {
  const query = new URLSearchParams(search);
  query.delete(without);
  return query.size === 0 ? '' : `?${query}`;
}

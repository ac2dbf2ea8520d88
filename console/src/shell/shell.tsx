// What is around every view: the bar with the main links, who looks, and the view of the current path.
import { Component, type ReactNode, Suspense, useEffect } from 'react';
import { Button } from '../parts/button.tsx';
import { sentenceOf } from './call-error.ts';
import { Link, usePlace } from './history.tsx';
import { Login } from './login.tsx';
import { findView, MAIN_VIEWS } from './routes.tsx';
import { enter, leave, useSession } from './session.ts';
import { useTheme } from './theme.ts';

export function Shell() {
  const session = useSession();
  useEffect(() => void enter(), []);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Bar />
      <main id="main" tabIndex={-1}>
        {session.kind === 'asking' && <Waiting />}
        {session.kind === 'login' && <Login refused={session.refused} />}
        {session.kind === 'failed' && (
          <p className="notice bad" role="alert">
            {session.why} <Button onClick={() => void enter()}>Try again</Button>
          </p>
        )}
        {session.kind === 'in' && <CurrentView />}
      </main>
    </>
  );
}

function Bar() {
  const session = useSession();
  const { path } = usePlace();
  const [theme, nextTheme] = useTheme();
  const me = session.kind === 'in' ? session.me : undefined;
  const first = `/${path.split('/')[1]}`;
  return (
    <header className="bar">
      <Link to="/" className="brand">
        Postern
      </Link>
      <nav aria-label="Views">
        {me !== undefined &&
          MAIN_VIEWS.map((view) => {
            const to = view.path.replace(/\/:.*/, '');
            const isHere = to === first || (to === '/' && first === '/apis');
            return (
              <Link key={view.path} to={to} aria-current={isHere ? 'page' : undefined}>
                {view.title}
              </Link>
            );
          })}
      </nav>
      <span className="spring" />
      {me !== undefined && (
        <span className="who muted">
          {me.name !== undefined && <span title="Who is logged in">{me.name}</span>}
          {!me.canWrite && <span className="badge">read-only</span>}
          <span title="Account">{me.accountId}</span>
          <span title={`Version of Postern: ${me.version}`}>{me.version.replace(/ .*/, '')}</span>
        </span>
      )}
      <Button kind="quiet" onClick={nextTheme} title="Switches between the system's colours, light and dark">
        {theme === 'system' ? 'Auto' : theme === 'light' ? 'Light' : 'Dark'}
      </Button>
      {session.kind === 'in' && session.keys !== undefined && (
        <Button kind="quiet" onClick={leave}>
          Log out
        </Button>
      )}
    </header>
  );
}

function CurrentView() {
  const { path, query } = usePlace();
  const found = findView(path);
  const title = found?.view.title;
  useEffect(() => {
    document.title = title === undefined ? 'Postern' : `${title} · Postern`;
  }, [title]);
  if (found === undefined) {
    return (
      <div className="empty">
        <h1>There is no such page</h1>
        <p className="muted">
          The console has nothing at <code>{path}</code>. <Link to="/">Go to the overview</Link>.
        </p>
      </div>
    );
  }
  const { component: View } = found.view;
  return (
    <Failure key={found.view.path}>
      <Suspense fallback={<Waiting />}>
        <View params={found.params} query={query} />
      </Suspense>
    </Failure>
  );
}

function Waiting() {
  return (
    <p className="muted waiting" role="status">
      Loading …
    </p>
  );
}

/** A defect of one view is said, and leaves the rest alone. */
class Failure extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <p className="notice bad" role="alert">
        This view failed: {sentenceOf(this.state.error)} <a href={window.location.href}>Load it again</a>.
      </p>
    );
  }
}

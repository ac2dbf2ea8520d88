// What became of the request: what the backend is asked, and what the client gets, each line with the mapping that made it.
import type { ReactNode } from 'react';
import type { Trace } from '../../../src/http-api/explain/trace.ts';
import { backendRequestLines, responseLines } from './lines/http-lines.ts';
import { jsonLines, prettyJson } from './lines/json-lines.ts';
import { plainLines } from './lines/line.ts';
import { Lines } from './lines/lines.tsx';

export interface ResultPaneProps {
  readonly trace: Trace;
  /** Of the request, which goes on as it is. */
  readonly body: string;
  readonly nameOf: (id: string) => string;
}

/** What the backend gets. */
export function BackendSide({ trace, body, nameOf }: ResultPaneProps) {
  const { backendRequest, functionCall, serviceCall } = trace;
  if (backendRequest !== undefined) {
    return (
      <Section title="Backend request">
        <Lines label="Backend request" lines={backendRequestLines(trace, body)} nameOf={nameOf} />
      </Section>
    );
  }
  if (functionCall !== undefined) {
    return (
      <Section title={`Event of the function, format ${functionCall.format}`}>
        <Lines
          label="Event of the function"
          lines={plainLines(prettyJson(functionCall.event))}
          nameOf={nameOf}
        />
      </Section>
    );
  }
  if (serviceCall !== undefined) {
    const keys = trace.requestMappings.filter(({ result }) => result !== undefined).map(({ key }) => key);
    return (
      <Section title={`Input of ${serviceCall.operation} in ${serviceCall.region}`}>
        <Lines label="Input of the service" lines={jsonLines(serviceCall.input, keys)} nameOf={nameOf} />
      </Section>
    );
  }
  return (
    <Section title="Backend request">
      <p className="muted">The backend was not asked.</p>
    </Section>
  );
}

/** What the client gets. */
export function ClientSide({ trace, nameOf }: Omit<ResultPaneProps, 'body'>) {
  const { refused, functionCall } = trace;
  return (
    <Section title="Response to the client">
      {functionCall !== undefined && functionCall.outcome !== 'returned' && (
        <p className="notice warn">The function: {functionCall.outcome}</p>
      )}
      {refused !== undefined && <p className="notice warn">The gateway answered by itself: {refused}</p>}
      <Lines label="Response to the client" lines={responseLines(trace)} nameOf={nameOf} />
    </Section>
  );
}

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

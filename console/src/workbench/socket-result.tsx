// What became of a message: which route it took, what the backend is asked, and which frame the client gets.
import type { SocketTrace } from '../../../src/websocket-api/explain/trace.ts';
import { Lines } from './lines/lines.tsx';
import { socketReplyLines, socketRequestLines } from './lines/socket-lines.ts';
import { Section } from './result-pane.tsx';

export interface SocketResultProps {
  readonly trace: SocketTrace;
  readonly nameOf: (id: string) => string;
}

export function SocketBackendSide({ trace, nameOf }: SocketResultProps) {
  const { route, selection, validation, request } = trace;
  const lines = socketRequestLines(trace);
  return (
    <>
      {trace.kind === 'message' && (
        <Section title="Route">
          <p>
            {selection !== undefined && (
              <>
                <code>{selection.expression}</code> is{' '}
                <code>{selection.value === '' ? '(empty)' : selection.value}</code>:{' '}
              </>
            )}
            {route === undefined ? (
              'there is no route for it.'
            ) : (
              <>
                the route <code>{route.key}</code> takes it.
              </>
            )}
          </p>
          {validation?.error !== undefined && (
            <p className="notice warn">
              The model {validation.model}: {validation.error}
            </p>
          )}
        </Section>
      )}
      <Section title={request?.uri === undefined ? 'What the template makes' : 'Backend request'}>
        {lines.length === 0 ? (
          <p className="muted">Nothing was made for the backend.</p>
        ) : (
          <Lines label="Backend request" lines={lines} nameOf={nameOf} />
        )}
      </Section>
    </>
  );
}

export function SocketClientSide({ trace, nameOf }: SocketResultProps) {
  const { refused, reply, route, kind, response } = trace;
  const lines = socketReplyLines(trace);
  return (
    <Section title={kind === 'message' ? 'Frame to the client' : 'Answer to the client'}>
      {refused !== undefined && <p className="notice warn">The gateway answered by itself: {refused}</p>}
      {kind === 'message' && route?.isTwoWay === false && reply === undefined && (
        <p className="muted">This route is one-way: it has no route response, and sends nothing.</p>
      )}
      {kind === 'connect' && reply !== undefined && (
        <p>
          The connection is{' '}
          {reply.status === 101 || reply.status < 300 ? 'opened' : `refused with ${reply.status}`}.
        </p>
      )}
      {response !== undefined && response.key === undefined && (
        <p className="notice warn">No integration response fits this answer.</p>
      )}
      {lines.length > 0 && <Lines label="Frame to the client" lines={lines} nameOf={nameOf} />}
    </Section>
  );
}

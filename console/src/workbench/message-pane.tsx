// What comes from the client: a request; of WebSocket APIs a message, and for $connect the request that asks for a connection.
import { Editor } from './editor/editor.tsx';
import { RequestPane, type RequestPaneProps } from './request-pane.tsx';

export interface MessagePaneProps extends RequestPaneProps {
  readonly protocol: 'HTTP' | 'WEBSOCKET';
  readonly routeKey: string;
}

export function MessagePane({ protocol, routeKey, ...props }: MessagePaneProps) {
  const { request, onChange, notes } = props;
  if (protocol === 'HTTP' || routeKey === '$connect') return <RequestPane {...props} />;
  if (routeKey === '$disconnect') return <p className="muted">The end of a connection has no message.</p>;
  return (
    <>
      {notes.map((note) => (
        <p key={note} className="notice info">
          {note}
        </p>
      ))}
      <div className="field">
        <span className="label">Message</span>
        <Editor
          label="Message"
          value={request.message}
          onChange={(message) => onChange({ ...request, message })}
          language="json"
          isMultiline
          hint='{"action": "ping"}'
        />
      </div>
    </>
  );
}

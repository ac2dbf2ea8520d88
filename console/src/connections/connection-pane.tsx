// One connection: whose it is, a message to it, its end, and its frames as they come.
import { useRef, useState } from 'react';
import type { ConnectionSummary } from '../../../src/websocket-api/connections/connection-list.ts';
import { Close } from '../live/close.tsx';
import { Facts } from '../live/facts.tsx';
import { printTime } from '../live/titles.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';
import { useReadOnly } from '../shell/session.ts';
import { Frames } from './frames.tsx';
import { SendForm } from './send-form.tsx';

export interface ConnectionPaneProps {
  readonly id: string;
  /** Undefined where the list does not have it. */
  readonly current: ConnectionSummary | undefined;
  /** Whether the list has all there are. */
  readonly isKnown: boolean;
  readonly listAddress: string;
  readonly onChange: () => void;
}

export function ConnectionPane({ id, current, isKnown, listAddress, onChange }: ConnectionPaneProps) {
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const readOnly = useReadOnly();
  // What was known of it stays when it is gone.
  const last = useRef(current);
  if (current !== undefined) last.current = current;
  const known = last.current;
  const isGone = isKnown && current === undefined;

  const disconnect = async (): Promise<void> => {
    setAsking(false);
    setProblem(undefined);
    try {
      await call('DELETE', `/_postern/connections/${encodeURIComponent(id)}`);
      onChange();
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  };

  return (
    <section className="pane" aria-label="Details">
      <header className="row">
        <h2 className="code">{id}</h2>
        <span className="spring" />
        {!isGone && (
          <Button kind="danger" disabledBecause={readOnly} onClick={() => setAsking(true)}>
            Disconnect
          </Button>
        )}
        <Close to={listAddress} />
      </header>
      {isGone && (
        <p className="notice" role="status">
          This connection is closed.
        </p>
      )}
      {problem !== undefined && (
        <p className="notice bad" role="alert">
          {problem}
        </p>
      )}
      {known !== undefined && <Facts facts={factsOf(known)} />}
      {!isGone && <SendForm id={id} onSent={onChange} />}
      <Frames id={id} />
      {isAsking && (
        <Dialog title="Disconnect this client?" onClose={() => setAsking(false)}>
          <p>
            The connection <code>{id}</code> is closed, and the route $disconnect is told, as when the client
            had left. The client may connect again.
          </p>
          <div className="row">
            <Button kind="danger" onClick={() => void disconnect()}>
              Disconnect
            </Button>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function factsOf(of: ConnectionSummary): readonly (readonly [string, string])[] {
  const { apiId, stage, accountId, region, connectedAt, lastActiveAt, sourceIp, userAgent, identity } = of;
  return [
    ['API', apiId],
    ['Stage', stage],
    ['Account and region', `${accountId} ${region}`],
    ...(identity === undefined ? [] : [['Identity', identity] as const]),
    ['Address', sourceIp],
    ...(userAgent === undefined ? [] : [['User agent', userAgent] as const]),
    ['Connected at', printTime(connectedAt)],
    ['Last message at', of.messagesIn + of.messagesOut === 0 ? 'none yet' : printTime(lastActiveAt)],
    ['Messages', `${of.messagesIn} in, ${of.messagesOut} out`],
  ];
}

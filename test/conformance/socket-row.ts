// A row about messages of WebSocket APIs: a configuration, messages, what comes back. messages.test.ts runs them.
import type { MessageCase } from '../support/message-stand.ts';

export interface SocketRow extends MessageCase {
  /** Sections of spec/websocket-api.md: `§2.3.7 S01`. */
  readonly statements: readonly string[];
}

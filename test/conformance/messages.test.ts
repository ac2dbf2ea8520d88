// The rows about messages of WebSocket APIs, over the whole wire.
import { test } from 'node:test';
import { runMessageCases } from '../support/message-stand.ts';
import { integrationRows } from './ws-integrations.cases.ts';
import { messageRows } from './ws-messages.cases.ts';
import { replyRows } from './ws-replies.cases.ts';

test('routes, selection expressions, models (websocket-api.md §2)', (t) => runMessageCases(t, messageRows));

test('integrations of messages (websocket-api.md §3)', (t) => runMessageCases(t, integrationRows));

test('what clients get of messages (websocket-api.md §4)', (t) => runMessageCases(t, replyRows));

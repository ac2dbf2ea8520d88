// Every statement of spec/http-api.md §1, §2, §3.1–§3.4, §3.8, §4, §5, §8 and §14, of spec/websocket-api.md (`ws §…`) and of
// spec/openapi.md §14, §15 and §17 (`oas §…`) under an id, so that none goes untested unnoticed. Ids: `§1.2(3)` a numbered item, `§1.2-3` the third bullet or sentence of its own, `§4.16#12` row 12
// of the section's table or worked examples, `§5.3 answer: vary` a row of a table without numbers, by its first cell.
import { addressingStatements } from './statements/addressing.ts';
import { authorizationStatements } from './statements/authorization.ts';
import { corsAndStageStatements } from './statements/cors-and-stages.ts';
import { integrationStatements } from './statements/integrations.ts';
import { lambdaStatements } from './statements/lambda.ts';
import { logStatements } from './statements/logs.ts';
import { mappingStatements } from './statements/mapping.ts';
import { openApiStatements } from './statements/openapi.ts';
import { privateIntegrationStatements } from './statements/private-integrations.ts';
import { requestAuthorizers } from './statements/request-authorizers.ts';
import { serviceStatements } from './statements/services.ts';
import { throttlingStatements } from './statements/throttling.ts';
import { transportStatements } from './statements/transport.ts';
import { webSocketAuthorizationStatements } from './statements/ws-authorization.ts';
import { webSocketChoiceStatements } from './statements/ws-choices.ts';
import { connectionsApiStatements } from './statements/ws-connections-api.ts';
import { webSocketHandshakeStatements } from './statements/ws-handshake.ts';
import { webSocketIntegrationStatements } from './statements/ws-integrations.ts';
import { webSocketLifecycleStatements } from './statements/ws-lifecycle.ts';
import { webSocketMessageStatements } from './statements/ws-messages.ts';
import { webSocketReplyStatements } from './statements/ws-replies.ts';
import { webSocketStageStatements } from './statements/ws-stages.ts';
import { webSocketTemplateStatements } from './statements/ws-templates.ts';

/** Id → what it is about, in a few words. */
export type Statements = Readonly<Record<string, string>>;

/** §4.16 to §4.18 are worked examples; the text of each is its row's name. */
const examples = (section: string, count: number, what: string): Statements =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${section}#${i + 1}`, `${what} ${i + 1}`]));

export const statements: Statements = {
  ...addressingStatements,
  ...integrationStatements,
  ...lambdaStatements,
  ...privateIntegrationStatements,
  ...serviceStatements,
  ...mappingStatements,
  ...examples('§4.16', 79, 'request example'),
  ...examples('§4.17', 32, 'response example'),
  ...examples('§4.18', 8, 'first-class example'),
  ...corsAndStageStatements,
  ...webSocketMessageStatements,
  ...webSocketIntegrationStatements,
  ...webSocketReplyStatements,
  ...webSocketTemplateStatements,
  ...authorizationStatements,
  ...requestAuthorizers,
  ...throttlingStatements,
  ...transportStatements,
  ...logStatements,
  ...webSocketAuthorizationStatements,
  ...webSocketHandshakeStatements,
  ...webSocketLifecycleStatements,
  ...connectionsApiStatements,
  ...webSocketStageStatements,
  ...webSocketChoiceStatements,
  ...openApiStatements,
};

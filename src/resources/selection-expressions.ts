// Selection expressions of APIs and integrations (spec/management-api.md §2.1.1, websocket-api.md §2.4).
import { parseSelectionExpression } from '../grammar/selection-expression.ts';
import { badRequest } from '../wire/errors.ts';
import { parsed } from './syntax.ts';

const HTTP_ROUTE_SELECTION = '$request.method $request.path';
const HTTP_ROUTE_SELECTIONS: readonly string[] = [
  HTTP_ROUTE_SELECTION,
  `\${request.method} \${request.path}`,
];
const API_KEY_SELECTIONS: readonly string[] = [
  '$request.header.x-api-key',
  '$context.authorizer.usageIdentifierKey',
];

/** The RouteSelectionExpression of an API: HTTP APIs have one, WebSocket APIs need one. */
export function routeSelectionExpression(protocolType: string, given: string | undefined): string {
  if (protocolType === 'HTTP') {
    const expression = given ?? HTTP_ROUTE_SELECTION;
    if (HTTP_ROUTE_SELECTIONS.includes(expression)) return expression;
    throw badRequest(
      `Route selection expression is currently limited to "\${request.method} \${request.path}"`,
    );
  }
  const expression = given ?? '';
  parsed(() => parseSelectionExpression(expression, 'route'));
  return expression;
}

/** Throws for an ApiKeySelectionExpression that is none of the two there are. HTTP APIs have it too, without use. */
export function checkApiKeySelection(expression: string): void {
  if (API_KEY_SELECTIONS.includes(expression)) return;
  throw badRequest('Invalid apiKeySelectionExpression specified');
}

/** Throws for a ModelSelectionExpression or TemplateSelectionExpression that is there and cannot be evaluated. */
export function checkSelection(use: 'model' | 'template', expression: string | undefined): void {
  if (expression !== undefined) parsed(() => parseSelectionExpression(expression, use));
}

// Selection expressions of APIs and integrations (spec/management-api.md §2.1.1, websocket-api.md §2.4).
import { badRequest } from '../wire/errors.ts';

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
  if (given === undefined || given === '') throw badRequest('Invalid routeSelectionExpression');
  return given;
}

/** Throws for an ApiKeySelectionExpression that is none of the two there are. HTTP APIs have it too, without use. */
export function checkApiKeySelection(expression: string): void {
  if (API_KEY_SELECTIONS.includes(expression)) return;
  throw badRequest('Invalid apiKeySelectionExpression specified');
}

/** Throws for a TemplateSelectionExpression that cannot be evaluated. */
export function checkTemplateSelection(expression: string): void {
  if (expression.length === 0) throw badRequest('Invalid templateSelectionExpression specified');
}

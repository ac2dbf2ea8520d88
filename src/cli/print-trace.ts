// The trace of one request, for people: one block a step, mappings with their values before and after in columns.
import { unreachable } from '../defect.ts';
import type { AuthorizerStory, FunctionCall, Trace } from '../http-api/explain/trace.ts';
import { type Paint, printable } from './terminal.ts';
import { TraceLines } from './trace-lines.ts';

export function printTrace(trace: Trace, paint: Paint): string {
  const lines = new TraceLines(paint);
  const { request, domain, stage, route, authorization, backendRequest, backendReply, reply } = trace;
  lines.block('Request', `${request.method} ${request.url}`, trace.requestId);
  lines.headers(request.headers);
  for (const note of trace.notes ?? []) lines.block('Note', note, '', paint.yellow);
  if (domain !== undefined) {
    const { name, kind, id, basePath } = domain;
    const at = basePath === '' ? '' : ` for /${basePath}`;
    lines.block('Domain', name, `${kind === 'rule' ? 'routing rule' : 'API mapping'} ${id}${at}`);
  }
  if (stage !== undefined) {
    const owner = `API ${stage.apiId}, account ${stage.accountId}, ${stage.region}, deployment ${stage.deploymentId}`;
    lines.block('Stage', stage.name, owner);
    lines.note('path', stage.path);
    lines.notes(stage.variables);
  }
  if (route !== undefined) {
    lines.block('Route', route.key, route.routeId);
    lines.notes(route.variables);
  }
  if (authorization !== undefined) {
    const { type, result, authorizer } = authorization;
    lines.block('Authorization', type, result);
    if (authorizer !== undefined) for (const line of authorizerLines(authorizer)) lines.line(printable(line));
  }
  lines.mappings('Mapped', trace.requestMappings);
  if (backendRequest !== undefined) {
    lines.block('Backend', backendRequest.line, `to ${backendRequest.origin}`);
    lines.headers(backendRequest.headers);
    if (backendRequest.bodyBytes > 0) lines.line(paint.dim(`${backendRequest.bodyBytes} bytes of body`));
  }
  if (trace.functionCall !== undefined) printFunctionCall(lines, trace.functionCall);
  if (trace.serviceCall !== undefined) {
    const { operation, region, roleArn, input } = trace.serviceCall;
    lines.block('AWS service', operation, `in ${region} as ${roleArn}`);
    lines.line(printable(JSON.stringify(input)));
  }
  if (backendReply !== undefined) {
    lines.status('Backend reply', backendReply.status, '');
    lines.headers(backendReply.headers);
  }
  lines.mappings('Mapped', trace.responseMappings);
  if (trace.refused !== undefined) lines.block('Gateway', trace.refused, '', paint.yellow);
  lines.status('Reply', reply.status, `${trace.millis} ms`);
  lines.headers(reply.headers);
  lines.body(reply.body, reply.bodyBytes);
  if (trace.accessLog !== undefined) lines.block('Access log', trace.accessLog, '');
  return lines.text;
}

function printFunctionCall(
  lines: TraceLines,
  { functionArn, format, event, outcome, answer }: FunctionCall,
): void {
  lines.block('Function', functionArn, `format ${format}`);
  lines.json(event);
  lines.block('Answer', outcome, '');
  if (answer !== undefined) lines.json(answer);
}

function authorizerLines(story: AuthorizerStory): readonly string[] {
  switch (story.kind) {
    case 'jwt': {
      const { name, issuer, audience, identitySource, scopes } = story;
      const scope = scopes.length === 0 ? '' : `, with one of the scopes ${scopes.join(' ')}`;
      return [`${name}: a token in ${identitySource}${scope}`, `of ${issuer} for ${audience.join(' or ')}`];
    }
    case 'lambda': {
      const { name, functionArn, payloadFormatVersion, identitySources, ttlInSeconds, simpleResponses } =
        story;
      const answers = simpleResponses ? 'simple responses' : 'policies';
      const sources = identitySources.length === 0 ? 'no identity source' : identitySources.join(', ');
      const kept = ttlInSeconds === 0 ? 'answers are not kept' : `answers are kept for ${ttlInSeconds} s`;
      return [
        `${name}: asks ${functionArn}, format ${payloadFormatVersion}, ${answers}`,
        `by ${sources}; ${kept}`,
      ];
    }
    case 'iam':
      return [`${story.action} on ${story.resource}`];
    case 'denying':
      return [`lets nobody in: ${story.problem}`];
    default:
      unreachable(story);
  }
}

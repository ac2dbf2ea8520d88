// The trace of an event of a WebSocket API, for people.
import { unreachable } from '../defect.ts';
import type {
  ShownBody,
  SocketAuthorizerStory,
  SocketRequestStory,
  SocketResponseStory,
  SocketTrace,
  TemplateStory,
} from '../websocket-api/explain/trace.ts';
import { type Paint, printable } from './terminal.ts';
import { TraceLines } from './trace-lines.ts';

export function printSocketTrace(trace: SocketTrace, paint: Paint): string {
  const lines = new TraceLines(paint);
  if (trace.connect !== undefined) {
    printEvent(lines, trace.connect);
    lines.line('');
  }
  printEvent(lines, trace);
  return lines.text;
}

function printEvent(lines: TraceLines, trace: SocketTrace): void {
  const { stage, route, selection, validation, answer, refused } = trace;
  const { yellow } = lines.paint;
  printBeginning(lines, trace);
  const owner = `API ${stage.apiId}, account ${stage.accountId}, ${stage.region}, deployment ${stage.deploymentId}`;
  lines.block('Stage', stage.name, owner);
  lines.notes(stage.variables);
  if (selection !== undefined)
    lines.block('Selected', selection.value || '(nothing)', `by ${selection.expression}`);
  if (route !== undefined) {
    const answers = trace.kind !== 'message' || route.isTwoWay ? '' : ', sends no answer';
    lines.block(
      'Route',
      route.key,
      `${route.routeId}${route.why === undefined ? '' : `, because ${route.why}`}${answers}`,
    );
  }
  if (trace.authorization !== undefined) {
    const { type, result, authorizer } = trace.authorization;
    lines.block('Authorization', type, result);
    if (authorizer !== undefined) lines.line(printable(authorizerLine(authorizer)));
  }
  if (validation !== undefined) {
    const { model = 'none', error } = validation;
    lines.block('Model', model, error === undefined ? 'the message fits' : '');
    if (error !== undefined) lines.line(yellow(printable(error)));
  }
  if (trace.request !== undefined) printRequest(lines, trace.request);
  if (answer !== undefined) {
    lines.status('Backend reply', answer.status, '');
    lines.headers(answer.headers);
    printBody(lines, answer);
  }
  if (trace.response !== undefined) printResponse(lines, trace.response);
  for (const posted of trace.posted ?? []) {
    lines.block('Posted', 'by @connections', '');
    printBody(lines, posted);
  }
  if (refused !== undefined) lines.block('Gateway', refused, '', yellow);
  printReply(lines, trace);
  if (trace.accessLog !== undefined) lines.block('Access log', trace.accessLog, '');
}

function printBeginning(lines: TraceLines, trace: SocketTrace): void {
  const { kind, requestId, connectionId, connection, handshake, message, disconnect } = trace;
  switch (kind) {
    case 'connect':
      lines.block('Connect', handshake?.target ?? '', requestId);
      lines.headers(handshake?.headers ?? []);
      break;
    case 'message':
      lines.block('Message', `${message?.bodyBytes ?? 0} bytes`, requestId);
      if (message !== undefined) printBody(lines, message);
      break;
    case 'disconnect':
      lines.block('Disconnect', String(disconnect?.code ?? ''), disconnect?.reason ?? '');
      break;
    default:
      unreachable(kind);
  }
  lines.block('Connection', connectionId, `from ${connection.sourceIp}`);
  lines.notes(connection.authorizer ?? {});
  if (connection.userArn !== undefined) lines.note('signed by', connection.userArn);
}

function printRequest(lines: TraceLines, request: SocketRequestStory): void {
  printTemplate(lines, 'Template', request);
  printParameters(lines, request.parameters);
  const { uri, headers = [], body, bodyBytes, isBase64Encoded } = request;
  if (bodyBytes === undefined) return;
  lines.block(uri === undefined ? 'Made' : 'Sent', uri ?? 'for a MOCK integration, which calls nobody', '');
  lines.headers(headers);
  printBody(lines, { body: body ?? '', bodyBytes, ...(isBase64Encoded === true ? { isBase64Encoded } : {}) });
}

function printResponse(lines: TraceLines, response: SocketResponseStory): void {
  lines.block(
    'Response',
    response.key ?? 'none',
    response.key === undefined ? 'no integration response fits' : '',
  );
  printTemplate(lines, 'Template', response);
  printParameters(lines, response.parameters);
}

function printTemplate(lines: TraceLines, label: string, story: TemplateStory): void {
  const { templateKey, template = '', values = [], problem } = story;
  if (templateKey === undefined) return;
  lines.block(label, templateKey, '');
  for (const line of template.split('\n')) lines.line(printable(line));
  lines.values(
    'Evaluated',
    values.map(({ reference, line, column, value }) => ({
      name: reference,
      of: `line ${line}:${column}`,
      value,
    })),
  );
  if (problem !== undefined) lines.block('Template fails', problem.message, '', lines.paint.yellow);
}

function printParameters(lines: TraceLines, parameters: SocketRequestStory['parameters']): void {
  lines.values(
    'Parameters',
    parameters.map(({ key, value = '', result }) => ({ name: key, of: value, value: result })),
  );
}

function printReply(lines: TraceLines, { kind, reply, millis }: SocketTrace): void {
  if (reply === undefined) {
    lines.block(kind === 'message' ? 'Frame' : 'Reply', 'none', `${millis} ms`);
    return;
  }
  lines.status(kind === 'message' ? 'Frame' : 'Reply', reply.status, `${millis} ms`);
  if (reply.subprotocol !== undefined) lines.note('Sec-WebSocket-Protocol', reply.subprotocol);
  printBody(lines, reply);
}

/** JSON over several lines. */
function printBody(lines: TraceLines, { body, bodyBytes, isBase64Encoded }: ShownBody): void {
  if (bodyBytes === 0) return;
  if (isBase64Encoded === true) lines.line(lines.paint.dim(`${bodyBytes} bytes: ${body.slice(0, 64)}`));
  else lines.json(body);
}

function authorizerLine(story: SocketAuthorizerStory): string {
  switch (story.kind) {
    case 'lambda': {
      const sources =
        story.identitySources.length === 0 ? 'no identity source' : story.identitySources.join(', ');
      return `asks ${story.functionArn} by ${sources}`;
    }
    case 'iam':
      return `${story.action} on ${story.resource}`;
    case 'denying':
      return `lets nobody in: ${story.problem}`;
    default:
      return unreachable(story);
  }
}

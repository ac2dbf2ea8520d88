// The trace of one request, for people: one block a step, mappings with their values before and after in columns.
import { unreachable } from '../defect.ts';
import type { AuthorizerStory, FunctionCall, Trace } from '../http-api/explain/trace.ts';
import type { MappingStep } from '../stage/mapping-step.ts';
import { type Paint, printable } from './terminal.ts';

const LABEL_WIDTH = 15;
const INDENT = ' '.repeat(LABEL_WIDTH);
/** Longer cells do not widen their column. */
const WIDEST_COLUMN = 44;
const SHOWN_BODY_LINES = 20;
const SHOWN_JSON_LINES = 80;

export function printTrace(trace: Trace, paint: Paint): string {
  return new TracePrinter(paint).print(trace);
}

type Pairs = Trace['reply']['headers'];

class TracePrinter {
  readonly #paint: Paint;
  readonly #lines: string[] = [];

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  print(trace: Trace): string {
    const { request, domain, stage, route, authorization, backendRequest, backendReply, reply } = trace;
    this.#block('Request', `${request.method} ${request.url}`, trace.requestId);
    this.#headers(request.headers);
    for (const note of trace.notes ?? []) this.#block('Note', this.#paint.yellow(printable(note)), '');
    if (domain !== undefined) {
      const { name, kind, id, basePath } = domain;
      const at = basePath === '' ? '' : ` for /${basePath}`;
      this.#block('Domain', name, `${kind === 'rule' ? 'routing rule' : 'API mapping'} ${id}${at}`);
    }
    if (stage !== undefined) {
      const owner = `API ${stage.apiId}, account ${stage.accountId}, ${stage.region}, deployment ${stage.deploymentId}`;
      this.#block('Stage', stage.name, owner);
      this.#note('path', stage.path);
      this.#notes(stage.variables);
    }
    if (route !== undefined) {
      this.#block('Route', route.key, route.routeId);
      this.#notes(route.variables);
    }
    if (authorization !== undefined) {
      const { type, result, authorizer } = authorization;
      this.#block('Authorization', type, result);
      if (authorizer !== undefined)
        for (const line of authorizerLines(authorizer)) this.#line(printable(line));
    }
    this.#mappings('Mapped', trace.requestMappings);
    if (backendRequest !== undefined) {
      this.#block('Backend', backendRequest.line, `to ${backendRequest.origin}`);
      this.#headers(backendRequest.headers);
      if (backendRequest.bodyBytes > 0)
        this.#line(this.#paint.dim(`${backendRequest.bodyBytes} bytes of body`));
    }
    if (trace.functionCall !== undefined) this.#functionCall(trace.functionCall);
    if (trace.serviceCall !== undefined) {
      const { operation, region, roleArn, input } = trace.serviceCall;
      this.#block('AWS service', operation, `in ${region} as ${roleArn}`);
      this.#line(printable(JSON.stringify(input)));
    }
    if (backendReply !== undefined) {
      this.#block('Backend reply', this.#status(backendReply.status), '');
      this.#headers(backendReply.headers);
    }
    this.#mappings('Mapped', trace.responseMappings);
    if (trace.refused !== undefined) this.#block('Gateway', this.#paint.yellow(printable(trace.refused)), '');
    this.#block('Reply', this.#status(reply.status), `${trace.millis} ms`);
    this.#headers(reply.headers);
    this.#body(reply.body, reply.bodyBytes);
    if (trace.accessLog !== undefined) this.#block('Access log', trace.accessLog, '');
    return `${this.#lines.join('\n')}\n`;
  }

  #functionCall({ functionArn, format, event, outcome, answer }: FunctionCall): void {
    this.#block('Function', functionArn, `format ${format}`);
    this.#json(event);
    this.#block('Answer', outcome, '');
    if (answer !== undefined) this.#json(answer);
  }

  /** JSON text over several lines; what is no JSON, or was cut, as it is. */
  #json(text: string): void {
    let shown = text;
    try {
      shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // Shown as it is.
    }
    const lines = shown.split('\n');
    for (const line of lines.slice(0, SHOWN_JSON_LINES)) this.#line(printable(line));
    if (lines.length > SHOWN_JSON_LINES) this.#line(this.#paint.dim(`… ${lines.length} lines in all`));
  }

  /** `text` may be painted already; what is not is made printable here. */
  #block(label: string, text: string, remark: string): void {
    if (this.#lines.length > 0) this.#lines.push('');
    const shown = text.includes('\x1b[') ? text : this.#paint.bold(printable(text));
    const aside = remark === '' ? '' : `  ${this.#paint.dim(printable(remark))}`;
    this.#lines.push(`${this.#paint.cyan(label.padEnd(LABEL_WIDTH))}${shown}${aside}`);
  }

  #line(text: string): void {
    this.#lines.push(text === '' ? '' : `${INDENT}${text}`);
  }

  #note(name: string, value: string): void {
    this.#line(`${this.#paint.dim(printable(name))} = ${printable(value)}`);
  }

  #notes(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) this.#note(name, value);
  }

  #headers(headers: Pairs): void {
    for (const [name, value] of headers) {
      this.#line(`${this.#paint.dim(`${printable(name)}:`)} ${printable(value)}`);
    }
  }

  #status(status: number): string {
    const { green, yellow, red } = this.#paint;
    return (status < 400 ? green : status < 500 ? yellow : red)(String(status));
  }

  #mappings(label: string, steps: readonly MappingStep[]): void {
    if (steps.length === 0) return;
    const rows = steps.map((step) => ({
      key: printable(step.key),
      value: printable(step.value ?? ''),
      before: step.before === undefined ? '' : printable(step.before),
      step,
    }));
    const keys = columnWidth(rows.map((row) => row.key));
    const values = columnWidth(rows.map((row) => row.value));
    const befores = columnWidth(rows.map((row) => row.before || 'nothing'));
    this.#block(label, `${steps.length} ${steps.length === 1 ? 'change' : 'changes'}`, '');
    for (const { key, value, before, step } of rows) {
      const configured = `${key.padEnd(keys)}  ${this.#paint.dim(value.padEnd(values))}`;
      this.#line(`${configured}  ${this.#change(step, before, befores)}`);
    }
  }

  #change(step: MappingStep, before: string, width: number): string {
    const { dim, red, green } = this.#paint;
    if (step.value !== undefined && step.result === undefined && step.cleared !== true)
      return dim('its value does not exist');
    const nothing = 'nothing'.padEnd(width);
    const left = step.before === undefined ? dim(nothing) : red(before.padEnd(width));
    const right = step.after === undefined ? dim('nothing') : green(printable(step.after));
    return step.before === step.after ? `${dim(before.padEnd(width))} = unchanged` : `${left} → ${right}`;
  }

  #body(body: string, bytes: number): void {
    if (bytes === 0) return;
    this.#lines.push('');
    const lines = printable(body.replaceAll('\r\n', '\n').replace(/\n+$/, '')).split('\n');
    for (const line of lines.slice(0, SHOWN_BODY_LINES)) this.#line(line);
    const shown = Buffer.byteLength(body);
    if (lines.length > SHOWN_BODY_LINES || shown < bytes)
      this.#line(this.#paint.dim(`… ${bytes} bytes in all`));
  }
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

function columnWidth(cells: readonly string[]): number {
  return Math.min(WIDEST_COLUMN, Math.max(0, ...cells.map((cell) => cell.length)));
}

// What `postern dev` says of a deploy (spec/definitions.md §12.1): a line for each route, where WebSocket APIs are, outputs, findings;
// after the first time only what is other than it was.
import { relative, sep } from 'node:path';
import type { DeployReport, Endpoint } from '../../definitions/deploy-answer.ts';
import { changeLines, countLine } from '../deploy/print-changes.ts';
import { findingLines } from '../deploy/print-findings.ts';
import { headline, outputLines, printRefusedReport, sections } from '../deploy/print-report.ts';
import { oneLine, type Paint } from '../terminal.ts';

/** Remembers what it has said of each stack. */
export class DevPrinter {
  readonly #paint: Paint;
  readonly #cwd: string;
  readonly #said = new Map<string, ReadonlySet<string>>();

  constructor(paint: Paint, cwd: string) {
    this.#paint = paint;
    this.#cwd = cwd;
  }

  /** The text for a report, apart from the lines around it. */
  textOf(report: DeployReport): string {
    const text = this.#textOf(report);
    return text.indexOf('\n') === text.length - 1 ? text : `\n${text}\n`;
  }

  #textOf(report: DeployReport): string {
    const paint = this.#paint;
    const { outcome, stack, outputs, findings } = report;
    if (outcome === 'refused') return printRefusedReport(report, paint);
    const before = this.#said.get(stack.id);
    const blocks = [
      routeLines(report, this.#cwd, paint),
      outputLines(outputs, paint),
      findingLines(findings, paint),
    ].map((lines) => lines.join('\n'));
    this.#said.set(stack.id, new Set(blocks));
    const news = blocks.filter((block) => block !== '' && before?.has(block) !== true);
    if (before === undefined) {
      const count = stack.isNew ? countLine(report, paint) : undefined;
      return sections([
        [headline(report, paint)],
        count === undefined ? shownChanges(report, paint) : [count],
        ...news.map((block) => [block]),
      ]);
    }
    if (outcome === 'unchanged') {
      return sections([
        [paint.dim(`${oneLine(stack.name)}: nothing to change`)],
        ...news.map((block) => [block]),
      ]);
    }
    return sections([
      [paint.bold(oneLine(stack.name)), ...changeLines(report, paint)],
      ...news.map((block) => [block]),
    ]);
  }
}

function shownChanges(report: DeployReport, paint: Paint): readonly string[] {
  return report.changes.length === 0 ? [] : changeLines(report, paint);
}

/** `GET  http://a1b2c3d4e5.execute-api.localhost:4700/pets/{id}  → ListPets (src/list.ts)`, each method below the other. */
function routeLines(
  { endpoints, functions }: Pick<DeployReport, 'endpoints' | 'functions'>,
  cwd: string,
  paint: Paint,
): readonly string[] {
  const codeOf = new Map(functions.map(({ logicalId, code }) => [logicalId, code]));
  const rows = endpoints.flatMap((endpoint) =>
    rowsOf(endpoint).map(({ method, address, target }) => {
      const code = codeOf.get(target);
      const file = code === undefined ? '' : paint.dim(` (${oneLine(shownPath(code, cwd))})`);
      const shown = target === '' ? '' : `  → ${oneLine(target)}${file}`;
      return { method: oneLine(method), address: oneLine(address), shown };
    }),
  );
  const methodWidth = Math.max(...rows.map(({ method }) => method.length), 0);
  const addressWidth = Math.max(...rows.map(({ address }) => address.length), 0);
  return rows.map(({ method, address, shown }) =>
    `  ${paint.green(method.padEnd(methodWidth))}  ${shown === '' ? paint.bold(address) : paint.bold(address) + ' '.repeat(addressWidth - address.length)}${shown}`.trimEnd(),
  );
}

interface Row {
  readonly method: string;
  readonly address: string;
  readonly target: string;
}

function rowsOf({ protocolType, url, routes }: Endpoint): readonly Row[] {
  if (protocolType === 'WEBSOCKET') {
    const own = routes.map(({ key, target }) => ({ method: '', address: `  ${key}`, target }));
    return [{ method: 'WS', address: url, target: '' }, ...own];
  }
  const base = url.replace(/\/$/, '');
  return routes.map(({ key, target }) => {
    const space = key.indexOf(' ');
    if (space < 0) return { method: key, address: `${base}/`, target };
    return { method: key.slice(0, space), address: base + key.slice(space + 1), target };
  });
}

/** From the working directory on, where it is below that. */
function shownPath(path: string, cwd: string): string {
  const found = relative(cwd, path);
  return found === '' || found.startsWith(`..${sep}`) || found === '..' ? path : found;
}

// docs/reference/ledger.md: what the specification states, what each statement rests on, and the test or difference that shows it.
import { readdirSync, readFileSync } from 'node:fs';
import { evidenceOf } from '../test/conformance/evidence.ts';
import { type Shown, shown } from '../test/conformance/shown.ts';
import { statements } from '../test/conformance/statements.ts';

const HEAD = `# The ledger of the specification

Every statement of [the specification](../spec/README.md) that can be told apart has a line here: what it is about, what is known of
AWS to support it, and the test that shows it, or the entry among the [differences](../compatibility.md). A test fails when a
statement has neither.

Evidence, as the specification marks it: *validated on AWS* and *observed* were seen on AWS by the sources it names; *model* was
computed with the reference engine of templates; *inferred* was deduced; *choice* is a decision of Postern's where AWS's behaviour is
not known; *AWS documentation* carries no mark there. A statement in a list of several marks rests on one of them.
`;

/** Cells hold no bars and no line ends. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', '⏎').replaceAll('`', '');

function shownBy(entries: readonly Shown[]): string {
  const [first, ...more] = [...entries].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const file = first!.file === undefined ? '' : ` (\`${first!.file}\`)`;
  const rest = more.length === 0 ? '' : `, and ${more.length} more`;
  const name = first!.name.length > 120 ? `${first!.name.slice(0, 117)}…` : first!.name;
  return `${first!.kind}: ${cell(name)}${file}${rest}`;
}
const ORDER: readonly Shown['kind'][] = ['row', 'test', 'template', 'difference'];

function table(ids: readonly string[], byStatement: ReadonlyMap<string, readonly Shown[]>): string {
  const lines = ids.map((id) => {
    const entries = byStatement.get(id) ?? [];
    const where = entries.length === 0 ? '**nothing**' : shownBy(entries);
    return `| ${id.replace(/^(?:ws|oas) /, '')} | ${cell(statements[id]!)} | ${evidenceOf(id)} | ${where} |`;
  });
  return `| Statement | About | Evidence | Shown by |\n|---|---|---|---|\n${lines.join('\n')}\n`;
}

/** Section of management-api.md → test files that cite it. */
function managementSections(): string {
  const page = readFileSync('docs/spec/management-api.md', 'utf8');
  const headings = [...page.matchAll(/^#+ (\d+(?:\.\d+)+) (.*)$/gm)];
  const cited = new Map<string, Set<string>>();
  for (const path of testFiles()) {
    for (const [, list] of readFileSync(path, 'utf8').matchAll(
      /management-api\.md((?:,? (?:and )?§[\d.]+)+)/g,
    )) {
      for (const [, number] of list!.matchAll(/§(\d+(?:\.\d+)*)/g)) {
        cited.set(number!, (cited.get(number!) ?? new Set()).add(path));
      }
    }
  }
  const lines = headings.map(([, number, title]) => {
    const files = [...(cited.get(number!) ?? [])];
    const parent = number!.replace(/\.\d+$/, '');
    if (files.length === 0 && cited.has(parent))
      return `| §${number} | ${cell(title!)} | those of §${parent} |`;
    const more = files.length > 3 ? `, and ${files.length - 3} more` : '';
    const named = files.slice(0, 3).map((file) => `\`${file}\``);
    return `| §${number} | ${cell(title!)} | ${files.length === 0 ? '–' : named.join(', ') + more} |`;
  });
  return `| Section | About | Tests that cite it |\n|---|---|---|\n${lines.join('\n')}\n`;
}

function testFiles(): string[] {
  return ['src', 'test']
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => `${folder}/${String(name)}`))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(test|cases)\.ts$/.test(path))
    .sort();
}

export function ledger(): string {
  const byStatement = new Map<string, Shown[]>();
  for (const entry of shown) {
    for (const id of entry.statements) byStatement.set(id, [...(byStatement.get(id) ?? []), entry]);
  }
  const ids = Object.keys(statements);
  return `${HEAD}
## HTTP APIs ([http-api.md](../spec/http-api.md))

${table(
  ids.filter((id) => id.startsWith('§')),
  byStatement,
)}
## WebSocket APIs ([websocket-api.md](../spec/websocket-api.md))

${table(
  ids.filter((id) => id.startsWith('ws ')),
  byStatement,
)}
## OpenAPI ([openapi.md](../spec/openapi.md))

The worked examples and the choices.

${table(
  ids.filter((id) => id.startsWith('oas ')),
  byStatement,
)}
## The management API ([management-api.md](../spec/management-api.md))

Its statements are not told apart one by one; these are the sections, and the test files that cite them.

${managementSections()}`;
}

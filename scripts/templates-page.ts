// docs/reference/templates.md: what became of public templates, as the suite that deploys them recorded it.
import { readFileSync } from 'node:fs';

/** `test/suites/pattern-outcomes.json`. */
interface Outcome {
  readonly outcome: string;
  readonly message?: string;
  readonly routes: readonly {
    readonly route: string;
    readonly target: string;
    readonly authorization: string;
    readonly answer: string;
  }[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** Without the line that says that it is made. */
export function templatesPage(): string {
  const outcomes = JSON.parse(readFileSync('test/suites/pattern-outcomes.json', 'utf8')) as Readonly<
    Record<string, Outcome>
  >;
  const all = Object.entries(outcomes);
  const deployed = all.filter(([, { outcome }]) => outcome === 'deployed');
  return `
# Templates that were tried

Templates of [serverless-patterns](https://github.com/aws-samples/serverless-patterns), deployed as they are into a running server:
${deployed.length} of ${all.length} deploy, and deploying again changes nothing. Of a template there is the file alone, so the code of functions and
included documents are stand-ins: a function in Node.js or Python writes down that it was called. An SDK service that is called is one
that records. "amended" is a template that AWS refuses too, with the one line changed that makes it one that AWS takes.

| Template | Outcome | Routes | Warnings | Without effect |
|---|---|---|---|---|
${all.map(([name, outcome]) => `| ${name} | ${outcomeOf(outcome)} | ${routes(outcome)} | ${cell(outcome.warnings)} | ${cell(outcome.notes)} |`).join('\n')}

A route is followed by its target, its authorization where it has one, and what one request or message came to. "401" and "500" are
what the warnings beside them say: a token that nobody issues, a function whose code is not here or does not run here.

Templates of the Serverless Framework are programs: \`postern deploy serverless.yml\` says to package them first.
`;
}

function outcomeOf({ outcome, message }: Outcome): string {
  return message === undefined ? outcome : `${outcome}: ${escaped(message)}`;
}

function routes(outcome: Outcome): string {
  return outcome.routes
    .map(({ route, target, authorization, answer }) => {
      const by = authorization === 'NONE' ? '' : `, ${authorization}`;
      return `\`${route}\`: ${escaped(target)}${by}, ${escaped(answer)}`;
    })
    .join('<br>');
}

function cell(texts: readonly string[]): string {
  return texts.map(escaped).join('<br>');
}

function escaped(text: string): string {
  return text.replace(/[|<>]/g, (sign) => `\\${sign}`).replaceAll('\n', ' ');
}

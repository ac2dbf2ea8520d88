// Where each statement of the specification is shown: by a row, by a test elsewhere, or not at all, as a difference.
import { directiveRows } from '../../src/template/engine-directives.test.support.ts';
import { engineFailures } from '../../src/template/engine-failures.test.support.ts';
import { languageRows } from '../../src/template/engine-language.test.support.ts';
import { valueRows } from '../../src/template/engine-values.test.support.ts';
import { failingPaths, pathRows } from '../../src/template/jayway/rows.test.support.ts';
import { failingTemplates, templateRows } from '../../src/template/rows.test.support.ts';
import { differences } from './differences.ts';
import { elsewhere } from './elsewhere.ts';
import { statementsOf } from './openapi-case.ts';
import { openApiRows } from './openapi-rows.ts';
import { callCases, creationCases, updateCases } from './rows.ts';
import { serviceCases } from './service-calls.cases.ts';
import { integrationRows } from './ws-integrations.cases.ts';
import { messageRows } from './ws-messages.cases.ts';
import { replyRows } from './ws-replies.cases.ts';

export interface Shown {
  readonly statements: readonly string[];
  readonly kind: 'row' | 'template' | 'test' | 'difference';
  /** Of the row or test; the entry of a difference. */
  readonly name: string;
  readonly file?: string;
}

/** Ids of rows about messages are sections of websocket-api.md. */
export const socketRows = [...messageRows, ...integrationRows, ...replyRows].map((row) => ({
  name: row.name,
  statements: row.statements.map((section) => `ws ${section}`),
}));

export const definitionRows = [...Object.values(openApiRows.imports), ...Object.values(openApiRows.stories)]
  .flat()
  .map((row) => ({ name: `${row.row}: ${row.name}`, statements: statementsOf(row) }));

export const httpRows = [...callCases, ...creationCases, ...updateCases, ...serviceCases];

const templates = [
  ...[...templateRows, ...languageRows, ...directiveRows, ...valueRows, ...pathRows],
  ...[...failingTemplates, ...engineFailures, ...failingPaths],
];

export const shown: readonly Shown[] = [
  ...[...httpRows, ...socketRows, ...definitionRows].map(({ name, statements }) => ({
    kind: 'row' as const,
    name,
    statements,
  })),
  ...templates.map(([cites, template]) => ({
    kind: 'template' as const,
    name: template,
    statements: [`ws ${cites}`],
  })),
  ...elsewhere.map(({ file, test, statements }) => ({ kind: 'test' as const, name: test, file, statements })),
  ...differences.map(({ id, statements }) => ({ kind: 'difference' as const, name: id, statements })),
];

// Rows of spec/definitions.md §14 that have their tests beside the code, or where programs are started.

export interface RowsElsewhere {
  readonly rows: readonly number[];
  readonly file: string;
  /** What shows where in the file. */
  readonly text: string;
}

const FINDINGS = 'src/resources/stacks/functions/stack-findings.test.ts';
const FUNCTIONS = 'test/conformance/definitions/functions.test.ts';
const PACKAGES = 'test/conformance/definitions/packages.test.ts';
const COMMAND = 'test/end-to-end/program/deploy-command.test.ts';

export const rowsElsewhere: readonly RowsElsewhere[] = [
  { rows: [19], file: FINDINGS, text: "'a pool that nobody issues for (row 19)'" },
  { rows: [29], file: FINDINGS, text: "'a listener (row 29)'" },
  { rows: [35], file: FINDINGS, text: "'an unknown type (row 35)'" },
  { rows: [36], file: FINDINGS, text: "'an attribute of an unknown type in an environment (row 36)'" },
  { rows: [87], file: FUNCTIONS, text: 'settings answer instead (row 87)' },
  { rows: [88], file: FUNCTIONS, text: 'what esbuild would begin with runs (row 88)' },
  { rows: [92], file: FUNCTIONS, text: 'outputs keep AWS’s (row 92)' },
  { rows: [53], file: 'test/conformance/definitions/definitions.test.ts', text: "test('row 53: " },
  { rows: [78], file: PACKAGES, text: "test('row 78: " },
  { rows: [89, 90], file: PACKAGES, text: 'test(`row $' },
  { rows: [91], file: 'src/sources/assembly.test.ts', text: "test('several stacks and no name are refused" },
  { rows: [93], file: PACKAGES, text: "test('row 93: " },
  { rows: [94], file: PACKAGES, text: "test('row 94: " },
  { rows: [95], file: COMMAND, text: "test('serverless.yml is refused" },
  { rows: [96], file: COMMAND, text: "test('--dry-run of what the API refuses" },
];

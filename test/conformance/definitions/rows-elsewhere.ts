// Rows of spec/definitions.md §14 that have their tests beside the code, or where programs are started.

export interface RowsElsewhere {
  readonly rows: readonly number[];
  readonly file: string;
  /** What shows where in the file. */
  readonly text: string;
}

export const rowsElsewhere: readonly RowsElsewhere[] = [
  { rows: [53], file: 'test/conformance/definitions/definitions.test.ts', text: "test('row 53: " },
];

// Rows of spec/definitions.md §14 that have their tests beside the code, or where programs are started.

export interface RowsElsewhere {
  readonly rows: readonly number[];
  readonly file: string;
  /** What shows where in the file. */
  readonly text: string;
}

const FUNCTIONS = 'src/definitions/functions.test.ts';
const PARAMETERS = 'src/definitions/parameters.test.ts';

export const rowsElsewhere: readonly RowsElsewhere[] = [
  { rows: [53], file: 'test/conformance/definitions/definitions.test.ts', text: "test('row 53: " },
  { rows: [55, 56, 57, 58], file: FUNCTIONS, text: '// Rows 55 to 58' },
  { rows: [59], file: 'src/definitions/sections.test.ts', text: '§2.2.4, row 59' },
  { rows: [60], file: PARAMETERS, text: '// Row 60' },
  { rows: [61], file: PARAMETERS, text: '// Row 61' },
  { rows: [62, 63], file: FUNCTIONS, text: '// Rows 62 and 63' },
  { rows: [64], file: FUNCTIONS, text: '// Row 64' },
  { rows: [65], file: 'src/definitions/macros/for-each.test.ts', text: '// Row 65' },
];

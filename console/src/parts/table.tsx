import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly title: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** `number` is aligned to the right, `code` is monospaced, `fixed` has no line breaks. */
  readonly kind?: 'number' | 'code' | 'fixed' | undefined;
  /** Takes what the others leave. */
  readonly isWide?: boolean;
}

export interface TableProps<Row> {
  /** What the table is, for who does not see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Said instead of rows when there are none. */
  readonly empty?: ReactNode;
}

/** A plain table. Where it is wider than the page it scrolls by itself, by the keyboard too. */
export function Table<Row>({ label, columns, rows, keyOf, empty }: TableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard (WCAG 2.1.1).
    <section className="scroll" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, kind, isWide }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are.
              <th key={index} scope="col" className={classOf(kind, isWide)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ cell, kind }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are.
                <td key={index} className={classOf(kind)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {rows.length === 0 && empty !== undefined && (
            <tr>
              <td colSpan={columns.length} className="muted">
                {empty}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

const classOf = (kind: string | undefined, isWide = false): string | undefined =>
  [kind, isWide && 'wide'].filter(Boolean).join(' ') || undefined;

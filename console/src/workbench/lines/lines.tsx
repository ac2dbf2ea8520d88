// Lines of a trace, each piece of which points at what made it.
import { goToMapping, pointing, useMarks } from '../marks.tsx';
import { type Line, type LineKind, makersOf, type Piece, textOf } from './line.ts';

const SIGNS: Readonly<Record<LineKind, string>> = { same: '\u00a0', added: '+', changed: '~', removed: '−' };
const WORDS: Readonly<Record<LineKind, string>> = {
  same: '',
  added: 'added: ',
  changed: 'changed: ',
  removed: 'removed: ',
};

export interface LinesProps {
  readonly label: string;
  readonly lines: readonly Line[];
  /** What an id is called: `append:header.x-a`. */
  readonly nameOf: (id: string) => string;
}

export function Lines({ label, lines, nameOf }: LinesProps) {
  const keys = keysOf(lines);
  return (
    <ol className="lines" aria-label={label}>
      {lines.map((line, at) => (
        <li key={keys[at]} className={isOfTheGateway(line) ? 'own' : line.kind}>
          <span className="sign" aria-hidden="true">
            {SIGNS[line.kind]}
          </span>
          <span className="unseen">{WORDS[line.kind]}</span>
          <span className="text">
            {line.pieces.map((piece, place) => (
              <PieceOf
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name.
                key={place}
                piece={piece}
                nameOf={nameOf}
                isOfLineAbove={isWhole(line) && sameMakers(line, lines[at - 1])}
              />
            ))}
          </span>
          {line.kind !== 'same' && makersOf(line).length === 0 && (
            <span className="muted by">by the gateway</span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** A line that others come before stays the one that it is, with the focus in it: its text, and which of several it is. */
function keysOf(lines: readonly Line[]): readonly string[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const text = textOf(line);
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return `${count} ${text}`;
  });
}

interface PieceProps {
  readonly piece: Piece;
  readonly nameOf: (id: string) => string;
  /** One of many lines that one mapping made: the keyboard stops at the first. */
  readonly isOfLineAbove: boolean;
}

function PieceOf({ piece: { text, by }, nameOf, isOfLineAbove }: PieceProps) {
  const { marked, mark } = useMarks();
  const [first] = by;
  if (first === undefined) return text;
  const isMarked = marked !== undefined && by.includes(marked);
  return (
    <button
      type="button"
      className={isMarked ? 'piece marked' : 'piece'}
      data-by={JSON.stringify(by)}
      tabIndex={isOfLineAbove ? -1 : 0}
      aria-label={`${text}, made by ${by.map(nameOf).join(' and ')}`}
      title={`made by ${by.map(nameOf).join(' and ')}`}
      {...pointing(mark, first)}
      onClick={() => goToMapping(first)}
    >
      {text}
    </button>
  );
}

const isWhole = ({ pieces }: Line): boolean => pieces.length === 1;

function sameMakers(line: Line, above: Line | undefined): boolean {
  return (
    above !== undefined &&
    isWhole(above) &&
    JSON.stringify(makersOf(line)) === JSON.stringify(makersOf(above))
  );
}

const isOfTheGateway = (line: Line): boolean => line.kind !== 'same' && makersOf(line).length === 0;

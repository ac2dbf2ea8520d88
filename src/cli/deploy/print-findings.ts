// What is to be said of a definition, as a person reads it (spec/definitions.md §1.5.2 to §1.5.7): errors first, each with its place;
// notes that say the same are one line.
import type { PlacedFinding } from '../../definitions/deploy-answer.ts';
import type { Severity } from '../../definitions/finding.ts';
import { oneLine, type Paint, printable } from '../terminal.ts';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];
const WIDTH = 'warning'.length;

export function findingLines(findings: readonly PlacedFinding[], paint: Paint): readonly string[] {
  return SEVERITIES.flatMap((severity) => {
    const own = findings.filter((finding) => finding.severity === severity);
    const shown = severity === 'note' ? groupedNotes(own) : own.map(sentenceOf);
    const head = colourOf(severity, paint)(severity.padEnd(WIDTH));
    return shown.map((text) => `${head}  ${text}`);
  });
}

function colourOf(severity: Severity, paint: Paint): (text: string) => string {
  switch (severity) {
    case 'error':
      return paint.red;
    case 'warning':
      return paint.yellow;
    default:
      return paint.dim;
  }
}

/** `template.yaml:41:7  Jwt: …`; a text of AWS may have lines, which are kept below it. */
function sentenceOf({ at, logicalId, text }: PlacedFinding): string {
  const place = at === undefined ? '' : `${oneLine(at.file)}:${at.line}:${at.column}  `;
  const whose = logicalId === undefined || text.includes(logicalId) ? '' : `${oneLine(logicalId)}: `;
  return `${place}${whose}${printable(text).replaceAll('\n', `\n${' '.repeat(WIDTH + 2)}`)}`;
}

/** Those that say the same of several resources are one line. */
function groupedNotes(notes: readonly PlacedFinding[]): readonly string[] {
  const byText = new Map<string, PlacedFinding[]>();
  for (const note of notes) byText.set(note.text, [...(byText.get(note.text) ?? []), note]);
  return Array.from(byText.values(), (alike) => {
    const ids = alike.flatMap(({ logicalId }) => logicalId ?? []);
    if (ids.length < 2) return sentenceOf(alike[0]!);
    return `${oneLine(alike[0]!.text)} (${ids.length}: ${ids.map(oneLine).join(', ')})`;
  });
}

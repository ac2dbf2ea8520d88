import type { IntegrationDocument } from './documents.ts';

/** Lines that are shown before the rest is folded away. */
const SHOWN = 4;

interface Line {
  /** `request`, or the status of responses. */
  readonly of: string;
  readonly key: string;
  readonly value: string;
}

/** The mappings of an integration at a glance: where each is, what it changes, and to what. */
export function MappingLines({
  requestParameters = {},
  responseParameters = {},
  requestTemplates = {},
}: IntegrationDocument) {
  const lines: readonly Line[] = [
    ...Object.entries(requestParameters).map(([key, value]) => ({
      of: 'request',
      key,
      value: shownOf(key, value),
    })),
    ...Object.entries(requestTemplates).map(([key, text]) => ({
      of: 'template',
      key,
      value: firstLine(text),
    })),
    ...Object.entries(responseParameters).flatMap(([of, mappings]) =>
      Object.entries(mappings).map(([key, value]) => ({ of, key, value: shownOf(key, value) })),
    ),
  ];
  if (lines.length === 0) return <span className="muted">none</span>;
  const rest = lines.slice(SHOWN);
  return (
    <>
      <Lines lines={lines.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          <Lines lines={rest} />
        </details>
      )}
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  return lines.map(({ of, key, value }) => (
    <div key={`${of} ${key}`} className="mapping code">
      <span className="muted">{of}</span> {key} {value !== '' && <span className="muted">← {value}</span>}
    </div>
  ));
}

/** What a removal has for a value says nothing. */
const shownOf = (key: string, value: string): string => (key.startsWith('remove:') ? '' : value);

const firstLine = (text: string): string =>
  text.includes('\n') ? `${text.slice(0, text.indexOf('\n'))} …` : text;

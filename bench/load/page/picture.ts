// The picture of the results: for each scenario with peers, how many requests a second of CPU serves in each gateway, nginx being 1.
// An SVG that follows the reader's light or dark.
import type { Row } from '../bench.ts';
import type { Results } from './results.ts';

/** Scenario → what stands beside its bars, and which rows of its table they are. */
const GROUPS: readonly {
  readonly scenario: string;
  readonly label: string;
  readonly takes?: (row: Row) => boolean;
}[] = [
  { scenario: 'get', label: 'Mapped GET' },
  { scenario: 'access-log', label: 'with an access log', takes: ({ name }) => /, log$/.test(String(name)) },
  { scenario: 'https', label: 'over TLS 1.3' },
  { scenario: 'http2', label: 'over HTTP/2' },
  { scenario: 'large-replies', label: 'replies of 100 KB', takes: ({ reply }) => reply === '100 KB' },
  { scenario: 'large-replies', label: 'replies of 1 MB', takes: ({ reply }) => reply === '1 MB' },
];

const WIDTH = 760;
const PADDING = 12;
const LEFT = 160;
const NAMES = 90;
const BAR = 16;
const GAP = 3;
const GROUP_GAP = 18;
const TOP = 60;

interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Undefined when nothing of it was measured beside nginx. */
export function drawPicture(results: Results): string | undefined {
  const groups = GROUPS.map(({ label, ...group }) => ({ label, bars: barsOf(results, group) })).filter(
    ({ bars }) => bars.length > 1,
  );
  if (groups.length === 0) return undefined;
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const scale = (WIDTH - LEFT - NAMES - 60) / longest;
  let y = TOP;
  const parts: string[] = [];
  for (const { label, bars } of groups) {
    parts.push(`<text class="group" x="${PADDING}" y="${y + 12}">${escaped(label)}</text>`);
    for (const { name, value } of bars) {
      const own = name === 'postern' ? ' own' : '';
      const width = Math.max(1, value * scale);
      const x = LEFT + NAMES;
      parts.push(
        `<text class="name${own}" x="${x - 8}" y="${y + 12}">${escaped(name)}</text>`,
        `<rect class="bar${own}" x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
        `<text class="value${own}" x="${(x + width + 6).toFixed(1)}" y="${y + 12}">${value.toFixed(2)}</text>`,
      );
      y += BAR + GAP;
    }
    y += GROUP_GAP;
  }
  const line = LEFT + NAMES + scale;
  parts.unshift(
    `<line class="one" x1="${line.toFixed(1)}" x2="${line.toFixed(1)}" y1="${TOP - 8}" y2="${y - GROUP_GAP}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${TITLE}">
<style>${STYLE}</style>
<rect class="page" width="100%" height="100%"/>
<text class="title" x="${PADDING}" y="24">${TITLE}</text>
<text class="note" x="${PADDING}" y="42">${escaped(noteOf(results))}</text>
${parts.join('\n')}
</svg>
`;
}

const TITLE = 'Requests that a second of CPU serves, nginx = 1 (longer is better)';

const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #24292f; }
.page { fill: #ffffff; }
.title { font-weight: 600; font-size: 15px; }
.note { fill: #57606a; font-size: 12px; }
.group { font-weight: 600; }
.name { text-anchor: end; }
.bar { fill: #afb8c1; }
.bar.own { fill: #0969da; }
.name.own, .value.own { font-weight: 600; }
.one { stroke: #57606a; stroke-dasharray: 3 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .page { fill: #0d1117; }
  .note { fill: #9198a1; }
  .bar { fill: #565e68; }
  .bar.own { fill: #4493f8; }
  .one { stroke: #9198a1; }
}
`;

function noteOf({ about }: Results): string {
  return `${about.date}, commit ${about.commit}, Node.js ${about.node}, ${about.machine}`;
}

/** The best first. */
function barsOf(
  { results }: Results,
  { scenario, takes = () => true }: { readonly scenario: string; readonly takes?: (row: Row) => boolean },
): readonly Bar[] {
  const rows = (results.find(({ name }) => name === scenario)?.outcome?.table ?? []).filter(takes);
  // The median of the ratios within rounds, which is steadier than the ratio of the medians.
  const bars = rows.map((row) => ({
    name: String(row.name).replace(/, log$/, ''),
    cpu: Number(row['CPU / nginx']),
  }));
  const nginx = bars.find(({ name }) => name === 'nginx')?.cpu;
  if (nginx === undefined) return [];
  return bars.map(({ name, cpu }) => ({ name, value: nginx / cpu })).sort((a, b) => b.value - a.value);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

// Every citation of the specification and of a decision leads to something, and so does every link between the documents.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const PAGES = ['http-api', 'websocket-api', 'management-api', 'openapi', 'definitions'] as const;

const filesBelow = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`)
    .filter((path) => ending.test(path) && !path.includes('node_modules') && statSync(path).isFile());

const sources = ['src', 'test', 'bench', 'scripts', 'examples'].flatMap((folder) =>
  filesBelow(folder, /\.(ts|mjs|md)$/),
);
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...filesBelow('docs', /\.md$/),
];

/** Numbers of headings, numbered statements and first cells of tables, and the letters of appendices: `4.3`, `1.1.1`, `8.17`, `B`. */
function sectionsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(`docs/spec/${page}.md`, 'utf8');
  const numbered = text.matchAll(/^(?:#+ |\| )?§?(\d+(?:\.\d+)*)\.?(?= |$)/gm);
  const lettered = text.matchAll(/^#+ Appendix ([A-Z])/gm);
  return new Set([...numbered, ...lettered].map(([, number]) => number!));
}

const sections = new Map<string, ReadonlySet<string>>(PAGES.map((page) => [page, sectionsOf(page)]));
/** `http-api.md §4.3, §4.4 and §5`: the page and the sections behind it. */
const CITATION =
  /(http-api|websocket-api|management-api|openapi|definitions)\.md`?((?:(?:,| and| to|–)? ?§\d[\d.]*)+)/g;

test('every cited section of the specification is there', () => {
  const missing: string[] = [];
  let count = 0;
  for (const path of [...sources, ...documents]) {
    for (const [, page, list] of readFileSync(path, 'utf8').matchAll(CITATION)) {
      for (const [, number] of list!.matchAll(/§(\d+(?:\.\d+)*)/g)) {
        count++;
        if (!sections.get(page!)!.has(number!)) missing.push(`${path}: ${page}.md §${number}`);
      }
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(count > 700, `the pattern finds citations (${count})`);
});

test('every cited choice of the specification is in its list', () => {
  const choices = new Set<string>();
  for (const page of PAGES) {
    const text = readFileSync(`docs/spec/${page}.md`, 'utf8');
    for (const [, id] of text.matchAll(/^\|? ?\**([CUO]\d+)\b/gm)) choices.add(id!);
    // `| D5–D8 |`, `| D1, D2 |`
    for (const [, from, to] of text.matchAll(/^\| D(\d+)(?:[–,] ?D(\d+))? \|/gm)) {
      for (let id = Number(from); id <= Number(to ?? from); id++) choices.add(`D${id}`);
    }
  }
  const cited = sources.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\b[Cc]hoices? ([CUOD]\d+)\b/g)].map(
      ([, id]) => `${path}: ${id}`,
    ),
  );
  assert.deepEqual(
    cited.filter((each) => !choices.has(each.split(': ')[1]!)),
    [],
  );
});

test('every cited decision is recorded', () => {
  const recorded = new Set(readdirSync('docs/decisions').map((name) => name.slice(0, 4)));
  const missing = [...sources, ...documents].flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\bdecisions? ((?:\d{4}(?:, )?)+)/g)]
      .flatMap(([, list]) => list!.split(', '))
      .filter((number) => number !== '' && !recorded.has(number))
      .map((number) => `${path}: decision ${number}`),
  );
  assert.deepEqual(missing, []);
});

test('every link between the documents leads somewhere', () => {
  const broken = documents.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target!.replace(/#.*$/, ''))
      .filter(
        (target) => target !== '' && !/^[a-z]+:/.test(target) && !existsSync(join(dirname(path), target)),
      )
      .map((target) => `${path}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

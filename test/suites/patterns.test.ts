// Templates of aws-samples/serverless-patterns (spec/definitions.md §15): each is deployed into a running server, and every route it
// makes is asked once. What comes of it is `pattern-outcomes.json`, which the page docs/reference/templates.md is made from;
// POSTERN_WRITE_OUTCOMES=1 writes it anew.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStackRequests } from '../../src/sources/stack-requests.ts';
import { PatternStand, type Tried } from '../support/pattern-stand.ts';
import { type Suite, suiteTest } from './corpus.ts';
import { AMENDED, EVENTS_DOMAIN, meansOf, REFUSED } from './pattern-means.ts';

const OUTCOMES = 'test/suites/pattern-outcomes.json';
const SERVERLESS = /__serverless\.yml$/;

suiteTest('templates deploy and answer', 'patterns', async (suite, t) => {
  const stand = await PatternStand.start();
  t.after(() => stand.close());
  const apiId = await stand.makeApi();
  await stand.makeDomain(EVENTS_DOMAIN);
  const tried: Record<string, Tried> = {};
  for (const file of templatesOf(suite)) {
    const name = nameOf(file);
    const text = suite.text(file);
    const outcome = await stand.try({ name, text, ...meansOf(name, apiId) });
    tried[name] = outcome;
    const refusal = REFUSED[name];
    if (refusal === undefined) {
      assert.equal(outcome.outcome, 'deployed', `${name}: ${outcome.message}`);
      continue;
    }
    assert.match(outcome.message ?? '', refusal[0], name);
    const [wrong, instead] = AMENDED[name]!;
    const amended = text.replace(wrong, instead);
    tried[`${name}, amended`] = await stand.try({ name, text: amended, ...meansOf(name, apiId) });
  }
  const written = `${JSON.stringify(tried, null, 2)}\n`;
  if (process.env.POSTERN_WRITE_OUTCOMES === '1') await writeFile(OUTCOMES, written);
  assert.deepEqual(JSON.parse(written), JSON.parse(await readFile(OUTCOMES, 'utf8')));
  assert.deepEqual(stand.postern.errors, [], 'none of them meets a defect');
});

suiteTest('what the Serverless Framework reads is refused (§10.1.2)', 'patterns', async (suite, t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-serverless-'));
  t.after(() => rm(directory, { recursive: true }));
  const files = suite.list().filter((file) => SERVERLESS.test(file));
  assert.ok(files.length > 0);
  for (const file of files) {
    const service = join(directory, nameOf(file));
    await mkdir(service);
    await writeFile(join(service, 'serverless.yml'), suite.text(file));
    await assert.rejects(
      readStackRequests({ source: 'serverless.yml', cwd: service }),
      /^(?:Usage)?Error: serverless\.yml is read by the Serverless Framework: run "npx serverless package" and then "postern deploy \.serverless"/,
    );
  }
});

function templatesOf(suite: Suite): readonly string[] {
  return suite.list().filter((file) => /\.ya?ml$/.test(file) && !SERVERLESS.test(file));
}

const nameOf = (file: string): string => file.replace(/__.*$/, '');

// Templates in a running server, by the rows of spec/definitions.md §14.1 and §14.2.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Change, DeployReport } from '../../../src/definitions/deploy-answer.ts';
import type { Deployed, Expected } from './case.ts';
import { createCases } from './create.cases.ts';
import { samCases } from './sam.cases.ts';
import { DefinitionStand } from './stand.ts';
import { templateCases } from './template.cases.ts';
import { updateCases } from './update.cases.ts';

const STACKS = ['pets', 'stand-ins'];

let stand: DefinitionStand;
before(async () => {
  stand = await DefinitionStand.start({ stacks: DefinitionStand.settings() });
});
afterEach(async () => {
  for (const name of STACKS) await stand.delete(name);
  assert.deepEqual((await stand.client.getApis({})).Items, [], 'nothing is left');
});
after(() => stand.close());

const MARKS: { readonly [action in Change['action']]: string } = {
  create: '+',
  update: '~',
  replace: '-/+',
  delete: '-',
  retain: '=',
};

function printed({ action, logicalId, members, changedOutside }: Change): string {
  const names = members.map(({ name }) => name).join(' ');
  return `${MARKS[action]} ${logicalId}${changedOutside ? ' (changed outside)' : ''} ${names}`.trimEnd();
}

/** What the service itself says in AWS's sentence of a failure (§11.2.2). */
function withoutService(message: string): string {
  return (
    /^\w+ \([\w:]+\): (.*) \(Service: AmazonApiGatewayV2; Status Code: \d+; Error Code: \w+\)$/s.exec(
      message,
    )?.[1] ?? message
  );
}

async function expectReport(
  report: DeployReport,
  expected: Expected,
  stackName: string | undefined,
): Promise<void> {
  const { refused, refusedAt, changes, made = {}, findings = [], without = [], outcome, sees } = expected;
  const lines = report.findings.map(({ severity, text }) => `${severity} ${text}`);
  if (refused === undefined) assert.notEqual(report.outcome, 'refused', report.message);
  else {
    assert.equal(report.outcome, 'refused');
    const text = withoutService(report.message!);
    if (refused.endsWith('\t')) assert.ok(text.startsWith(refused), text);
    else assert.equal(text, refused);
    const { logicalId, at } = report.findings.find(({ severity }) => severity === 'error')!;
    assert.equal(logicalId, refusedAt);
    assert.equal(at?.file, 'template.yaml');
  }
  if (outcome !== undefined) assert.equal(report.outcome, outcome);
  if (changes !== undefined) assert.deepEqual(report.changes.map(printed), changes);
  for (const [logicalId, members] of Object.entries(made)) {
    const seen = await stand.look(logicalId, stackName);
    for (const [name, value] of Object.entries(members))
      assert.deepEqual(seen[name], value, `${name} of ${logicalId}`);
  }
  for (const finding of findings)
    assert.ok(
      lines.some((line) => finding.test(line)),
      `${finding} is among\n${lines.join('\n')}`,
    );
  for (const finding of without)
    assert.ok(!lines.some((line) => finding.test(line)), `${finding} is not among\n${lines.join('\n')}`);
  await sees?.(stand, report);
}

describe('the first deploy of a template (§14.1)', () => {
  for (const row of createCases) {
    test(`row ${row.row}: ${row.name}`, async () => {
      await expectReport(await stand.report(row), row, row.stackName);
      if (row.refused !== undefined) assert.equal(await stand.describe(), undefined, 'there is no stack');
    });
  }
});

describe('templates of AWS SAM (§14.4)', () => {
  for (const row of samCases) {
    test(`row ${row.row}: ${row.name}`, async () => {
      await expectReport(await stand.report(row), row, row.stackName);
    });
  }
});

describe('errors of templates and functions (§14.3)', () => {
  for (const { resources = [], value, ...row } of templateCases) {
    test(`${row.row === undefined ? '' : `row ${row.row}: `}${row.name}`, async () => {
      const report = await stand.report({ ...row, resources });
      await expectReport(report, row, row.stackName);
      if (value !== undefined) assert.equal(report.outputs.O?.value, value);
    });
  }
});

test('a file is included from where the file that names it is: §2.3.3', async () => {
  const included = (location: string): string =>
    `{Fn::Transform: {Name: AWS::Include, Parameters: {Location: ${location}}}}`;
  const deployed = { isAlone: true as const, resources: [`Api: Api ${included('a/api.yaml')}`] };
  const files = {
    '/d/a/api.yaml': {
      name: 'a/api.yaml',
      text: `{Name: pets, ProtocolType: HTTP, Tags: ${included('tags.yaml')}}`,
    },
    '/d/a/tags.yaml': { name: 'a/tags.yaml', text: 'tier: gold' },
  };
  await stand.deploy(deployed, { directory: '/d', files });
  assert.equal(((await stand.look('Api')).Tags as { readonly tier?: string }).tier, 'gold');
  const missing = { ...files, '/d/a/tags.yaml': 'a/tags.yaml does not exist.' };
  const { message, findings } = await stand.report(deployed, { directory: '/d', files: missing });
  assert.equal(
    message,
    'Parameter Location of resource AWS::Include refers to a file or folder that does not exist tags.yaml',
  );
  assert.equal(findings[0]!.at?.file, 'a/api.yaml');
});

describe('the second deploy of a template (§14.2)', () => {
  for (const row of updateCases) {
    test(`row ${row.row}: ${row.name}`, async () => {
      await stand.deploy(row);
      await row.meanwhile?.(stand);
      const then: Deployed = { ...row, ...row.second };
      const planned = await stand.report(then, { dryRun: true });
      const report = await stand.report(then);
      await expectReport(report, row.second, row.stackName);
      assert.deepEqual(
        planned.changes.map(({ action, logicalId }) => `${action} ${logicalId}`),
        report.changes.map(({ action, logicalId }) => `${action} ${logicalId}`),
        'the plan is what was done (§11.4.2)',
      );
      if (row.second.refused !== undefined) return;
      const again = await stand.report(then);
      assert.deepEqual(
        [again.outcome, again.changes],
        ['unchanged', []],
        'a third deploy changes nothing (§11.4.3)',
      );
    });
  }
});

test('row 53: a stack whose API a domain of another stack leads to', async () => {
  const { client } = stand;
  await stand.deploy({ resources: ['S: Stage {ApiId: !Ref Api, StageName: prod}'] });
  const ApiId = await stand.idOf('Api');
  await client.createDomainName({
    DomainName: 'other.example.com',
    DomainNameConfigurations: [{ CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/c' }],
  });
  const { ApiMappingId } = await client.createApiMapping({
    DomainName: 'other.example.com',
    ApiId,
    Stage: 'prod',
  });
  const { message } = await stand.delete();
  assert.match(
    message!,
    new RegExp(
      `Deleting API ${ApiId} failed\\. Please remove all API mappings for the API from your custom domain names\\.|Deleting stage prod failed`,
    ),
  );
  assert.equal((await client.getStage({ ApiId, StageName: 'prod' })).StageName, 'prod', 'nothing is deleted');
  await client.deleteApiMapping({ DomainName: 'other.example.com', ApiMappingId: ApiMappingId! });
  await client.deleteDomainName({ DomainName: 'other.example.com' });
});

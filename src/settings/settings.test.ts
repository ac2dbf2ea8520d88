import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TEST_CERTIFICATE, TEST_KEY } from '../../test/support/certificate.ts';
import { SETTING_OPTIONS } from './options.ts';
import { agree } from './parse-config.test.support.ts';
import { NO_SECTIONS } from './sections.ts';
import { resolveSettings, type Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';

interface Given {
  readonly flags?: Record<string, string>;
  readonly environment?: Record<string, string>;
  /** Text of postern.yaml, named by --config. */
  readonly file?: string;
}

describe('settings', () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-settings-'));
    await mkdir(join(directory, 'etc'));
    for (const place of ['.', 'etc']) {
      await writeFile(join(directory, place, 'cert.pem'), TEST_CERTIFICATE);
      await writeFile(join(directory, place, 'key.pem'), TEST_KEY);
    }
  });
  after(() => rm(directory, { recursive: true }));

  async function resolve({ flags = {}, environment = {}, file }: Given): Promise<Settings> {
    const given = new Map(Object.entries(flags));
    if (file !== undefined) {
      await writeFile(join(directory, 'etc', 'postern.yaml'), file);
      given.set('config', 'etc/postern.yaml');
    }
    const settings = resolveSettings({ flags: given, environment, directory });
    if (file !== undefined)
      agree(
        file,
        await settings.then(
          () => undefined,
          (error) => error,
        ),
      );
    return settings;
  }

  test('the defaults are those of decision 0013, and read-only', async () => {
    const settings = await resolve({});
    assert.deepEqual(settings, {
      doors: { kind: 'shared', address: { host: '127.0.0.1', port: 4700 } },
      tls: undefined,
      store: undefined,
      workers: 1,
      data: join(directory, '.postern'),
      accountId: '000000000000',
      region: 'us-east-1',
      credentials: [],
      apiEndpoint: undefined,
      logLevel: 'info',
      logRequests: undefined,
      liveRequests: undefined,
      metrics: undefined,
      sections: NO_SECTIONS,
    });
    assert.ok(Object.isFrozen(settings));
  });

  test('every section has its row in the settings reference', async () => {
    const reference = await readFile('docs/reference/settings.md', 'utf8');
    const table = reference.split('## Sections of the file')[1]!;
    const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    // What a flag can say too has its row among those.
    const withFlag = Object.values(SETTING_OPTIONS).map(({ key }) => key.join('.'));
    assert.deepEqual(
      rows.sort(),
      Object.keys(NO_SECTIONS)
        .filter((name) => !withFlag.includes(name))
        .sort(),
    );
  });

  const accepted: [string, Given, (settings: Settings) => unknown, unknown][] = [
    [
      'flags win over variables, variables over the file',
      {
        flags: { region: 'eu-west-1' },
        environment: { POSTERN_REGION: 'eu-west-2', POSTERN_ACCOUNT_ID: '222222222222' },
        file: 'region: eu-west-3\naccountId: 333333333333\nlogLevel: warn\n',
      },
      ({ region, accountId, logLevel }) => [region, accountId, logLevel],
      ['eu-west-1', '222222222222', 'warn'],
    ],
    [
      'a node of a cluster, said in the file and beside it',
      {
        flags: { 'cluster-address': '10.0.0.7:4702' },
        environment: { POSTERN_CLUSTER_SECRET: 'x'.repeat(32), POSTERN_STORE: 'postgres://u@db/p' },
        file: `cluster:\n  secret: [${'a'.repeat(32)}, ${'b'.repeat(40)}]\n  listen: 0.0.0.0:4702\n  leaseSeconds: 2\n`,
      },
      ({ sections: { cluster } }) => cluster,
      {
        name: 'postern',
        valkey: undefined,
        secrets: ['x'.repeat(32)],
        listen: { host: '0.0.0.0', port: 4702 },
        address: { host: '10.0.0.7', port: 4702 },
        tls: undefined,
        leaseSeconds: 2,
        writeWaitMillis: 1_000,
      },
    ],
    [
      'the secrets of a cluster while they are changed',
      {
        environment: { POSTERN_STORE: 'postgres://u@db/p' },
        file: `cluster: { secret: [${'a'.repeat(32)}, ${'b'.repeat(40)}] }\n`,
      },
      ({ sections }) => sections.cluster.secrets,
      ['a'.repeat(32), 'b'.repeat(40)],
    ],
    [
      'a variable set to nothing is not set',
      { environment: { POSTERN_REGION: '', POSTERN_CONFIG: '' }, flags: {} },
      ({ region }) => region,
      'us-east-1',
    ],
    [
      'other programs’ variables are not looked at',
      { environment: { PORT: 'x', AWS_REGION: '1' } },
      (s) => s.region,
      'us-east-1',
    ],
    [
      'an account of zeros is text in YAML too',
      { file: 'accountId: 000000000042\n' },
      ({ accountId }) => accountId,
      '000000000042',
    ],
    [
      'the section lambda has the endpoint',
      { file: 'lambda:\n  endpoint: http://localhost:4566/\n' },
      ({ sections }) => sections.lambda,
      { endpoint: 'http://localhost:4566', functionEndpoints: new Map() },
    ],
    [
      'a variable wins over the section lambda, a flag over both',
      {
        flags: { 'lambda-endpoint': 'https://a/' },
        environment: { POSTERN_LAMBDA_ENDPOINT: 'http://b' },
        file: 'lambda:\n  endpoint: http://c\n  functions: { x: { endpoint: "http://d" } }\n',
      },
      ({ sections }) => sections.lambda,
      { endpoint: 'https://a', functionEndpoints: new Map([['x', 'http://d']]) },
    ],
    ['an empty file is fine', { file: '# nothing\n' }, ({ region }) => region, 'us-east-1'],
    [
      'one door can move away',
      { flags: { management: '127.0.0.1:4701' } },
      ({ doors }) => doors,
      {
        kind: 'separate',
        management: { host: '127.0.0.1', port: 4701 },
        gateway: { host: '127.0.0.1', port: 4700 },
      },
    ],
    [
      'equal addresses are one listener',
      { flags: { management: '127.0.0.1:80', gateway: '127.0.0.1:80' } },
      ({ doors }) => doors.kind,
      'shared',
    ],
    [
      'two free ports are two listeners',
      { flags: { management: '127.0.0.1:0', gateway: '127.0.0.1:0' } },
      ({ doors }) => doors.kind,
      'separate',
    ],
    [
      'a port alone is on this machine',
      { flags: { listen: '8080' } },
      ({ doors }) => doors,
      { kind: 'shared', address: { host: '127.0.0.1', port: 8080 } },
    ],
    [
      'IPv6 stands in brackets',
      { flags: { listen: '[::1]:8080' } },
      ({ doors }) => doors,
      { kind: 'shared', address: { host: '::1', port: 8080 } },
    ],
    [
      'a gateway for everybody needs no credentials while the management door stays here',
      { flags: { gateway: '0.0.0.0:8080' } },
      ({ doors }) => doors.kind,
      'separate',
    ],
    [
      'a management door for others has credentials',
      {
        flags: { listen: '0.0.0.0:8080' },
        environment: { POSTERN_CREDENTIALS: 'AKIA1:one, AKIA2:two:222222222222' },
      },
      ({ credentials }) => credentials,
      [
        { accessKeyId: 'AKIA1', secretAccessKey: 'one', accountId: '000000000000' },
        { accessKeyId: 'AKIA2', secretAccessKey: 'two', accountId: '222222222222' },
      ],
    ],
    [
      'credentials of the file',
      { file: 'accountId: 111111111111\ncredentials:\n  - accessKeyId: AKIA1\n    secretAccessKey: "s:1"\n' },
      ({ credentials }) => credentials,
      [{ accessKeyId: 'AKIA1', secretAccessKey: 's:1', accountId: '111111111111' }],
    ],
    [
      'paths of the file start from its directory',
      { file: 'data: state\ntls:\n  cert: cert.pem\n  key: key.pem\n' },
      ({ data, tls }) => [data.endsWith('/etc/state'), tls?.cert.endsWith('/etc/cert.pem')],
      [true, true],
    ],
    [
      'paths of flags start from where the command was typed',
      { flags: { data: 'here', 'tls-cert': 'cert.pem', 'tls-key': 'etc/key.pem' } },
      ({ data, tls }) => [data.endsWith('/here'), tls?.key.endsWith('/etc/key.pem')],
      [true, true],
    ],
    [
      'the ApiEndpoint can be given',
      { flags: { 'api-endpoint': 'https://gw.example.com/_aws/execute-api/{apiId}/' } },
      ({ apiEndpoint }) => apiEndpoint,
      'https://gw.example.com/_aws/execute-api/{apiId}',
    ],
  ];
  for (const [name, given, of, expected] of accepted) {
    test(name, async () => {
      assert.deepEqual(of(await resolve(given)), expected);
    });
  }

  const refused: [string, Given, RegExp][] = [
    [
      'an address without port',
      { flags: { listen: 'localhost' } },
      /^--listen is "localhost": an address is HOST:PORT/,
    ],
    ['an address without host', { flags: { gateway: ':80' } }, /^--gateway is ":80": an address/],
    [
      'a port out of range',
      { environment: { POSTERN_LISTEN: '127.0.0.1:65536' } },
      /^POSTERN_LISTEN is "127.0.0.1:65536"/,
    ],
    ['IPv6 without brackets', { flags: { listen: '::1:80' } }, /^--listen is "::1:80": an address/],
    [
      'an Invoke API that is no URL',
      { environment: { POSTERN_LAMBDA_ENDPOINT: 'localhost:4566' } },
      /^POSTERN_LAMBDA_ENDPOINT is "localhost:4566": it is an http or https URL/,
    ],
    ['an empty value', { flags: { data: '' } }, /^--data is ""/],
    [
      'a store of another kind, whose password is not repeated',
      { flags: { store: 'mysql://a:hush@b/c' } },
      /^--store is no place for a store: (?!.*hush)/,
    ],
    [
      'an account of 11 digits',
      { file: 'accountId: 12345678901\n' },
      /^accountId in etc\/postern\.yaml:1:12 is "12345678901": an account is 12 digits/,
    ],
    ['a region with blanks', { flags: { region: 'EU West' } }, /^--region is "EU West"/],
    [
      'a log level',
      { environment: { POSTERN_LOG_LEVEL: 'loud' } },
      /^POSTERN_LOG_LEVEL is "loud": a log level is one of debug, info/,
    ],
    [
      'an endpoint without {apiId}',
      { flags: { 'api-endpoint': 'https://example.com' } },
      /^--api-endpoint is .*\{apiId\}/,
    ],
    ['an endpoint that is no URL', { flags: { 'api-endpoint': '{apiId}' } }, /^--api-endpoint is/],
    [
      'an unknown variable',
      { environment: { POSTERN_LISTN: 'x' } },
      /POSTERN_LISTN is not a setting.* Did you mean POSTERN_LISTEN\?/,
    ],
    [
      'a file that is not there',
      { flags: { config: 'no.yaml' } },
      /^--config names the configuration file no\.yaml, which does not exist\.$/,
    ],
    [
      'a directory as file',
      { environment: { POSTERN_CONFIG: 'etc' } },
      /^POSTERN_CONFIG names .* etc, which is a directory\.$/,
    ],
    [
      'a key with a slip',
      { file: '\nlistne: 127.0.0.1:80\n' },
      /^etc\/postern\.yaml:2:1: there is no setting "listne" here\. Did you mean listen\? (?!.*\blambda\b.*\blambda\b)/,
    ],
    [
      'a key below with a slip',
      { file: 'tls:\n  crt: x\n' },
      /^etc\/postern\.yaml:2:3: there is no setting "crt" here\. Did you mean cert\?/,
    ],
    [
      'a key there twice',
      { file: 'region: a-b\nregion: a-c\n' },
      /^etc\/postern\.yaml:2:1: this is not YAML: Map keys must be unique\.$/,
    ],
    ['broken YAML', { file: 'listen: [\n' }, /^etc\/postern\.yaml:\d+:\d+: this is not YAML: /],
    [
      'a list as file',
      { file: '- listen\n' },
      /^etc\/postern\.yaml:1:1: the configuration is a mapping of listen,/,
    ],
    [
      'a value that is a mapping',
      { file: 'listen:\n  host: x\n' },
      /^etc\/postern\.yaml:2:3: listen is one value/,
    ],
    ['a key without value', { file: 'listen:\n' }, /^etc\/postern\.yaml:1:1: listen has no value\.$/],
    [
      'a certificate without key',
      { flags: { 'tls-cert': 'cert.pem' } },
      /^TLS has a certificate but no --tls-key/,
    ],
    [
      'a certificate that is not there',
      { flags: { 'tls-cert': 'c.pem', 'tls-key': 'key.pem' } },
      /^--tls-cert names the file c\.pem, which does not exist\.$/,
    ],
    [
      'a key that is none',
      { flags: { 'tls-cert': 'cert.pem', 'tls-key': 'cert.pem' } },
      /are not a certificate and its private key/,
    ],
    [
      'credentials without secret',
      { file: 'credentials:\n  - accessKeyId: A\n' },
      /^etc\/postern\.yaml:2:5: credentials\[0\] needs accessKeyId and secretAccessKey/,
    ],
    [
      'credentials that are no list',
      { file: 'credentials: A:B\n' },
      /^etc\/postern\.yaml:1:14: credentials is a list/,
    ],
    [
      'credentials with an unknown key',
      { file: 'credentials:\n  - secret: A\n' },
      /2:5: there is no setting "secret" here.*accessKeyId, secretAccessKey, accountId/,
    ],
    [
      'a variable of credentials',
      { environment: { POSTERN_CREDENTIALS: 'AKIA' } },
      /^POSTERN_CREDENTIALS is a list of ID:SECRET/,
    ],
    [
      'an access key there twice',
      { environment: { POSTERN_CREDENTIALS: 'A:1,A:2' } },
      /the access key id A is there twice/,
    ],
    [
      'a secret of a cluster that can be guessed',
      { file: 'cluster: { secret: abc }\n' },
      /^etc\/postern\.yaml:1:20: cluster\.secret is too short: .*at least 32 characters: `openssl rand -hex 32`/,
    ],
    [
      'one in a variable',
      { environment: { POSTERN_CLUSTER_SECRET: 'abc' } },
      /^POSTERN_CLUSTER_SECRET is too short/,
    ],
    [
      'no secret at all',
      { environment: { POSTERN_STORE: 'postgres://u@db/p', POSTERN_CLUSTER_LISTEN: '10.0.0.7:4702' } },
      /^cluster has no secret.*POSTERN_CLUSTER_SECRET/,
    ],
    [
      'a cluster without a store',
      { environment: { POSTERN_CLUSTER_SECRET: 'x'.repeat(32) } },
      /^cluster says how this node is linked.*--store postgres:/,
    ],
    [
      'links at every address, and none that others call',
      {
        environment: { POSTERN_CLUSTER_SECRET: 'x'.repeat(32), POSTERN_STORE: 'postgres://u@db/p' },
        flags: { 'cluster-listen': '0.0.0.0:4702' },
      },
      /^cluster\.listen is every address of this machine, 0\.0\.0\.0:4702: .*--cluster-address HOST:4702\.$/,
    ],
    [
      'everything for everybody',
      { flags: { listen: '0.0.0.0:4700' } },
      /^The management door would listen on 0\.0\.0\.0:4700.*POSTERN_CREDENTIALS/,
    ],
    [
      'the management door for everybody',
      { flags: { management: '[::]:1', gateway: '127.0.0.1:2' } },
      /^The management door would listen on \[::\]:1/,
    ],
  ];
  for (const [name, given, message] of refused) {
    test(`refused with a sentence: ${name}`, async () => {
      await assert.rejects(resolve(given), (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, message);
        assert.match(error.message, /[.?]$/);
        assert.ok(!error.message.includes('\n'), 'one line');
        return true;
      });
    });
  }

  test('no message repeats a secret', async () => {
    for (const list of ['AKIA:hunter2:12', 'AKIA:hunter2,AKIA:hunter2', 'AKIA:hunter2:1:2']) {
      await assert.rejects(resolve({ environment: { POSTERN_CREDENTIALS: list } }), (error) => {
        assert.ok(error instanceof UsageError && !error.message.includes('hunter2'), String(error));
        return true;
      });
    }
    const given = { environment: { POSTERN_CLUSTER_SECRET: 'hunter2' } };
    await assert.rejects(resolve(given), (error) => !String(error).includes('hunter2'));
    await assert.rejects(
      resolve({ file: 'cluster: { secret: [hunter2] }\n' }),
      (error) => !String(error).includes('hunter2'),
    );
  });
});

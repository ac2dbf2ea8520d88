import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { SETTING_NAMES, SETTING_OPTIONS, variableOf } from '../settings/options.ts';
import { suggestion, UsageError } from '../settings/usage-error.ts';
import { parseCommandLine } from './command-line.ts';
import { COMMAND_NAMES, COMMAND_OPTIONS, type FlagOption, isDefinitionCommand } from './command-options.ts';
import { STACK_OPTIONS } from './deploy/stack-options.ts';
import { helpText } from './help.ts';
import { STORE_OPTIONS } from './store/store-options.ts';

const URL = 'http://a.execute-api.localhost/';
const SOCKET = 'ws://a.execute-api.localhost/prod';
const asked = {
  name: 'explain',
  flags: new Map(),
  json: false,
  method: 'GET',
  url: URL,
  headers: [],
  data: undefined,
  message: undefined,
  connect: false,
  request: undefined,
  endpoint: undefined,
  fail: false,
};

const imported = {
  name: 'import',
  flags: new Map(),
  json: false,
  file: 'a.yaml',
  api: undefined,
  basePath: 'ignore',
  failOnWarnings: false,
  dryRun: false,
  endpoint: undefined,
};
const exported = {
  name: 'export',
  flags: new Map(),
  api: 'a1b2c3d4e5',
  stage: undefined,
  yaml: false,
  extensions: true,
  output: undefined,
  endpoint: undefined,
};

describe('the command line', () => {
  const read: [string, string[], object][] = [
    ['nothing is start', [], { name: 'start', flags: new Map() }],
    ['flags alone are start', ['--listen', '1'], { name: 'start', flags: new Map([['listen', '1']]) }],
    ['start may be said', ['start', '--data=x=y'], { name: 'start', flags: new Map([['data', 'x=y']]) }],
    [
      'doctor',
      ['doctor', '--json', '--data', 'd'],
      { name: 'doctor', flags: new Map([['data', 'd']]), json: true },
    ],
    [
      'ready',
      ['ready', '--wait', '30', '--endpoint', 'http://h'],
      {
        name: 'ready',
        flags: new Map([
          ['wait', '30'],
          ['endpoint', 'http://h'],
        ]),
        wait: '30',
        endpoint: 'http://h',
      },
    ],
    ['explain', ['explain', 'GET', URL], asked],
    [
      'explain with everything',
      [
        'explain',
        '-H',
        'A: 1',
        'GET',
        '--header',
        'B: 2',
        URL,
        '-d',
        '-x',
        '--endpoint',
        'http://h',
        '--fail',
      ],
      {
        ...asked,
        flags: new Map([
          ['data', '-x'],
          ['endpoint', 'http://h'],
        ]),
        headers: ['A: 1', 'B: 2'],
        data: '-x',
        endpoint: 'http://h',
        fail: true,
      },
    ],
    ['explain of a connect request', ['explain', SOCKET], { ...asked, method: undefined, url: SOCKET }],
    [
      'explain of a message',
      ['explain', SOCKET, '-m', '{}', '--connect'],
      {
        ...asked,
        flags: new Map([['message', '{}']]),
        ...{ method: undefined, url: SOCKET, message: '{}', connect: true },
      },
    ],
    [
      'explain of one that was served',
      ['explain', '--request', 'a='],
      { ...asked, flags: new Map([['request', 'a=']]), request: 'a=', method: undefined, url: '' },
    ],
    [
      'tail',
      ['tail', '--status', '5xx', '--json', '--region', 'eu-west-1'],
      {
        name: 'tail',
        flags: new Map([
          ['status', '5xx'],
          ['region', 'eu-west-1'],
        ]),
        json: true,
        filter: { status: '5xx' },
        endpoint: undefined,
      },
    ],
    [
      'connections',
      ['connections', '--api', 'a', '--stage', 'prod', '--json'],
      {
        name: 'connections',
        flags: new Map([
          ['api', 'a'],
          ['stage', 'prod'],
        ]),
        ...{ json: true, api: 'a', stage: 'prod', endpoint: undefined },
      },
    ],
    ['import', ['import', 'a.yaml'], imported],
    [
      'import with everything',
      [
        ...[
          'import',
          '--api',
          'a1b2c3d4e5',
          '--base-path=split',
          '--fail-on-warnings',
          '--dry-run',
          '--json',
        ],
        ...['--endpoint', 'http://h', '-'],
      ],
      {
        ...imported,
        file: '-',
        flags: new Map([
          ['api', 'a1b2c3d4e5'],
          ['base-path', 'split'],
          ['endpoint', 'http://h'],
        ]),
        api: 'a1b2c3d4e5',
        basePath: 'split',
        failOnWarnings: true,
        dryRun: true,
        json: true,
        endpoint: 'http://h',
      },
    ],
    ['export', ['export', 'a1b2c3d4e5'], exported],
    [
      'export with everything',
      [
        ...['export', '--stage', 'prod', '--yaml', '--no-extensions', '-o', 'pets.yaml', 'a1b2c3d4e5'],
        ...['--region', 'eu-west-1'],
      ],
      {
        ...exported,
        flags: new Map([
          ['stage', 'prod'],
          ['output', 'pets.yaml'],
          ['region', 'eu-west-1'],
        ]),
        stage: 'prod',
        yaml: true,
        extensions: false,
        output: 'pets.yaml',
      },
    ],
    ['help', ['--help'], { name: 'help', topic: undefined }],
    ['help of a command', ['explain', '-h'], { name: 'help', topic: 'explain' }],
    ['help by word', ['help', 'doctor'], { name: 'help', topic: 'doctor' }],
    ['version', ['--version'], { name: 'version' }],
    ['version, as npm start passes it on', ['start', '--version'], { name: 'version' }],
  ];
  for (const [name, words, command] of read) {
    test(name, () => assert.deepEqual(parseCommandLine(words), command));
  }

  const refused: [string[], RegExp][] = [
    [['strat'], /no command "strat"\. Did you mean start\?/],
    [['serve'], /no command "serve"\. "postern --help"/],
    [['--lisen', 'x'], /^postern has no option --lisen\. Did you mean --listen\?/],
    [['doctor', '--header', 'x'], /^postern doctor has no option --header\./],
    [['-x'], /no option -x/],
    [['--listen'], /^--listen needs a value: --listen HOST:PORT\.$/],
    [['--listen', '--data', 'x'], /^--listen needs a value: /],
    [['--listen', '1', '--listen', '2'], /^--listen is there twice\.$/],
    [['doctor', '--json=yes'], /^--json takes no value\.$/],
    [['start', 'now'], /^postern start takes no argument, but got "now"\.$/],
    [['explain', 'GET'], /takes a method and a URL/],
    [['explain', 'GET', URL, 'more'], /takes a method and a URL/],
    [['explain', 'GET', '--request', 'a'], /--request ID takes nothing else/],
    [['tail', 'a'], /takes no argument/],
    [['explain', 'GET', URL, '-m', '{}'], /^--message and --connect are for WebSocket APIs/],
    [['explain', SOCKET, '{}'], /a message goes behind --message/],
    [['explain', SOCKET, '-d', '{}'], /^--data is for HTTP APIs/],
    [['explain', SOCKET, '--connect'], /^--connect is for --message/],
    [['explain', 'GET', URL, '--data', 'a', '--data', 'b'], /^--data is there twice/],
    [['import'], /^postern import takes one file, an OpenAPI definition, /],
    [['import', 'a', 'b'], /^postern import takes one file, /],
    [['import', 'a', '--base-path', 'spilt'], /^--base-path is "spilt": .* Did you mean split\?$/],
    [['export'], /^postern export takes the id of an API, /],
    [['export', 'a', '--json'], /^postern export has no option --json/],
  ];
  for (const [words, message] of refused) {
    test(`refused: ${words.join(' ')}`, () => {
      assert.throws(
        () => parseCommandLine(words),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  test('every option is in its help, on lines that fit a terminal', () => {
    for (const name of COMMAND_NAMES) {
      const text = helpText(name);
      const options: readonly FlagOption[] = isDefinitionCommand(name)
        ? STACK_OPTIONS[name]
        : name === 'store'
          ? STORE_OPTIONS
          : COMMAND_OPTIONS[name];
      for (const { flag, about, refusal } of options)
        assert.ok(refusal !== undefined || (text.includes(`--${flag}`) && text.includes(about)));
      assert.ok(
        text.split('\n').every((line) => line.length <= 120),
        name,
      );
    }
  });

  test('every setting has its row in the settings reference', () => {
    const reference = readFileSync('docs/reference/settings.md', 'utf8');
    for (const name of SETTING_NAMES) {
      const { flag, placeholder, key } = SETTING_OPTIONS[name];
      const words = placeholder.replaceAll('|', '\\|');
      const row = `| \`--${flag} ${words}\` | \`${variableOf(name)}\` | \`${key.join('.')}\` |`;
      assert.ok(reference.includes(row), row);
    }
  });

  const suggestions: [string, string][] = [
    ['listne', ' Did you mean listen?'],
    ['Listen', ' Did you mean listen?'],
    ['dta', ' Did you mean data?'],
    ['d', ''],
    ['something else', ''],
  ];
  for (const [written, said] of suggestions) {
    test(`a suggestion for ${written}`, () => assert.equal(suggestion(written, ['listen', 'data']), said));
  }
});

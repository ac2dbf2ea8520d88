import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLog, type LogLevel, prettyLine } from './log.ts';

function lines(level: LogLevel, pretty: boolean): string[] {
  const written: string[] = [];
  const log = createLog({ level, pretty, colour: false, output: { write: (line) => written.push(line) } });
  log('private-target.healthy', { arn: 'a1', host: 'pets', port: 80 });
  log('request-log.lines-lost', { lines: 3 });
  log('program.failed', { err: new Error('boom') });
  return written;
}

describe('logs', () => {
  test('are JSON lines with level, time, code and message', () => {
    const [info] = lines('info', false).map((line) => JSON.parse(line));
    assert.deepEqual(
      { ...info, time: typeof info.time, pid: typeof info.pid },
      {
        level: 'info',
        time: 'string',
        pid: 'number',
        event: 'private-target.healthy',
        arn: 'a1',
        host: 'pets',
        port: 80,
        msg: 'a private target is healthy again',
      },
    );
    assert.ok(!Number.isNaN(Date.parse(info.time)));
  });

  const counts: [LogLevel, number][] = [
    ['debug', 3],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ];
  for (const [level, count] of counts) {
    test(`level ${level} lets ${count} of three through`, () =>
      assert.equal(lines(level, false).length, count));
  }

  test('an error keeps its message and stack', () => {
    const error = JSON.parse(lines('error', false)[0]!);
    assert.equal(error.err.message, 'boom');
    assert.match(error.err.stack, /log\.test/);
  });

  test('on a terminal they are short lines, errors with their stack', () => {
    const [info, warning, error] = lines('info', true);
    assert.match(
      info!,
      /^\d\d:\d\d:\d\d info {2}a private target is healthy again arn=a1 host=pets port=80\n$/,
    );
    assert.match(
      warning!,
      /^\d\d:\d\d:\d\d warn {2}lines of requests are lost: nobody read the output lines=3\n$/,
    );
    assert.match(error!, /^\d\d:\d\d:\d\d error a defect ends the process\n {2}Error: boom\n {6}at /);
  });

  test('what a value says makes no line of its own and drives no terminal', () => {
    const reason = 'Error: one\n12:00:00 200 \x1b]0;title\x07\x9bH';
    const line = JSON.stringify({ level: 'warn', time: '2026-01-02T03:04:05.678Z', reason, msg: 'text' });
    const printed = prettyLine(line, false);
    assert.match(
      printed,
      /^[\d:]+ warn {2}text reason=Error: one\\x0a12:00:00 200 \\x1b\]0;title\\x07\\x9bH\n$/,
    );
  });

  test('colour is only colour', () => {
    const line = '{"level":"warn","time":"2026-01-02T03:04:05.678Z","a":1,"msg":"text"}\n';
    assert.equal(prettyLine(line, true).replace(/\x1b\[\d+m/g, ''), prettyLine(line, false));
  });
});

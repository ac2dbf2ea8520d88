import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BodySink, BodySource } from './body.ts';
import type { Bytes } from './bytes.ts';
import { type BodyFlow, StreamedBody } from './streamed-body.ts';

/** Writes down what happens, in order. */
class Log implements BodyFlow, BodySink {
  readonly lines: string[] = [];
  full = false;
  source: BodySource | undefined;

  pauseBody(): void {
    if (this.lines.at(-1) !== 'pause') this.lines.push('pause');
  }
  resumeBody(): void {
    this.lines.push('resume');
  }
  dropBody(): void {
    this.lines.push('drop');
  }
  begin(source: BodySource): void {
    this.source = source;
    this.lines.push('begin');
  }
  write(chunk: Bytes): boolean {
    this.lines.push(`write ${chunk}`);
    return !this.full;
  }
  end(): void {
    this.lines.push('end');
  }
  abort(cause: string): void {
    this.lines.push(`abort ${cause}`);
  }
}

test('what comes before there is a sink is held, and the flow paused', () => {
  const log = new Log();
  const body = new StreamedBody(-1, log);
  body.push('a');
  body.push('b');
  body.pipe(log);
  body.push('c');
  body.finish();
  assert.deepEqual(log.lines, ['pause', 'begin', 'write a', 'write b', 'resume', 'write c', 'end']);
});

test('a full sink gets nothing more until it resumes', () => {
  const log = new Log();
  const body = new StreamedBody(-1, log);
  body.pipe(log);
  log.full = true;
  body.push('a');
  body.push('b');
  body.finish();
  assert.deepEqual(log.lines, ['begin', 'resume', 'write a', 'pause']);
  log.full = false;
  log.source!.resume();
  log.source!.resume();
  assert.deepEqual(log.lines.slice(4), ['write b', 'end']);
});

test('a failure overtakes what is held; a complete body no longer fails', () => {
  const failed = new Log();
  const first = new StreamedBody(-1, failed);
  first.push('a');
  first.fail('reset');
  first.push('b');
  first.pipe(failed);
  assert.deepEqual(failed.lines, ['pause', 'begin', 'abort reset']);

  const complete = new Log();
  const second = new StreamedBody(-1, complete);
  second.push('a');
  second.finish();
  second.fail('reset');
  second.pipe(complete);
  assert.deepEqual(complete.lines, ['pause', 'begin', 'write a', 'end']);
});

test('a sink that cancels hears nothing more', () => {
  const log = new Log();
  const body = new StreamedBody(-1, log);
  body.pipe(log);
  log.source!.cancel();
  body.push('a');
  body.fail('reset');
  body.finish();
  assert.deepEqual(log.lines, ['begin', 'resume', 'drop']);
});

test('reading collects up to a bound, whatever the pieces are made of', () => {
  const bodies: (string | undefined)[] = [];
  for (const maxBytes of [6, 5]) {
    const body = new StreamedBody(-1, new Log());
    body.push(Buffer.from('abc'));
    body.read(maxBytes, (read) => bodies.push(read?.toString()));
    body.push('def');
    body.finish();
  }
  const lost = new StreamedBody(-1, new Log());
  lost.read(10, (read) => bodies.push(read?.toString()));
  lost.push('abc');
  lost.fail('client');
  assert.deepEqual(bodies, ['abcdef', undefined, undefined]);
});

test('a body is taken once', () => {
  const body = new StreamedBody(-1, new Log());
  body.discard();
  assert.throws(() => body.read(1, () => {}), /taken once/);
});

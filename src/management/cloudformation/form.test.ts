import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Form } from './form.ts';
import { printAnswer, printFailure } from './xml.ts';

test('names of a form are paths (spec/definitions.md §13.1.4)', () => {
  const form = Form.of(
    'Action=X&A.member.2=two&A.member.10=ten&A.member.1=one&P.member.1.K=a%26b&P.member.1.V=x+y&P.member.1.W=true&__proto__.member.1=z',
  );
  assert.equal(form.required('Action'), 'X');
  assert.deepEqual(form.texts('A'), ['one', 'two', 'ten']);
  assert.deepEqual(form.texts('__proto__'), ['z']);
  assert.deepEqual(form.texts('B'), []);
  const [first, ...others] = form.list('P');
  assert.deepEqual(others, []);
  assert.deepEqual(
    [first!.text('K'), first!.text('V'), first!.isTrue('W'), first!.isTrue('V')],
    ['a&b', 'x y', true, false],
  );
  assert.throws(() => form.required('StackName'), {
    code: 'ValidationError',
    message:
      "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null",
  });
});

test('a form may not have thousands of members', () => {
  const text = Array.from({ length: 4_001 }, (_, n) => `a${n}=`).join('&');
  assert.throws(() => Form.of(text), { message: 'The request has more than 4000 members' });
});

test('answers are XML, whatever is in them', () => {
  const printed = printAnswer(
    'GetIt',
    { Text: '<a & "b">\r\n\u0000\ud800', At: new Date(0), No: undefined, List: [{ N: 1 }, true], Empty: [] },
    'id-1',
  );
  assert.equal(
    printed,
    '<?xml version="1.0" encoding="UTF-8"?>\n<GetItResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><GetItResult>' +
      '<Text>&lt;a &amp; "b"&gt;&#xD;\n\ufffd\ufffd</Text><At>1970-01-01T00:00:00.000Z</At>' +
      '<List><member><N>1</N></member><member>true</member></List><Empty></Empty>' +
      '</GetItResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GetItResponse>',
  );
});

test('failures say whose they are', () => {
  const failure = (status: number) => printFailure({ code: 'C', message: '<m>', status }, 'id-1');
  assert.match(
    failure(400),
    /<Error><Type>Sender<\/Type><Code>C<\/Code><Message>&lt;m&gt;<\/Message><\/Error>/,
  );
  assert.match(failure(500), /<Type>Receiver<\/Type>/);
});

test('a form of a million members is refused before they are read', () => {
  const text = Array.from({ length: 1_000_000 }, (_, at) => `a${at}=`).join('&');
  const taken = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    assert.throws(() => Form.of(text), /more than 4000 members/);
    return process.cpuUsage(before).user;
  });
  // The quickest: what made the text may still be collected meanwhile.
  assert.ok(Math.min(...taken) < 50_000, taken.join(' '));
});

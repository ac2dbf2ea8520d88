// One queue in memory behind the SQS API (query protocol, as API Gateway uses it): enough for the example to run without
// AWS. Usage: node queue.mjs [port]
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const messages = new Map();

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const md5 = (text) => createHash('md5').update(text).digest('hex');

const actions = {
  SendMessage(input) {
    const attributes = [];
    for (let i = 1; input.has(`MessageAttribute.${i}.Name`); i++) {
      const value = (name) => input.get(`MessageAttribute.${i}.Value.${name}`);
      attributes.push({
        name: input.get(`MessageAttribute.${i}.Name`),
        type: value('DataType'),
        text: value('StringValue'),
      });
    }
    const body = input.get('MessageBody');
    const id = randomUUID();
    messages.set(`receipt-${messages.size + 1}`, { id, body, attributes });
    return `<MessageId>${id}</MessageId><MD5OfMessageBody>${md5(body)}</MD5OfMessageBody>`;
  },
  ReceiveMessage() {
    return [...messages]
      .map(([receipt, { id, body, attributes }]) => {
        const shown = attributes.map(
          ({ name, type, text }) =>
            `<MessageAttribute><Name>${name}</Name><Value><StringValue>${escaped(text)}</StringValue><DataType>${type}</DataType></Value></MessageAttribute>`,
        );
        return `<Message><MessageId>${id}</MessageId><ReceiptHandle>${receipt}</ReceiptHandle><MD5OfBody>${md5(body)}</MD5OfBody><Body>${escaped(body)}</Body>${shown.join('')}</Message>`;
      })
      .join('');
  },
  DeleteMessage(input) {
    messages.delete(input.get('ReceiptHandle'));
  },
  PurgeQueue() {
    messages.clear();
  },
};

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const input = new URLSearchParams(body);
  const action = input.get('Action');
  const requestId = randomUUID();
  response.setHeader('Content-Type', 'text/xml');
  response.setHeader('x-amzn-RequestId', requestId);
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (run === undefined || !input.get('QueueUrl').endsWith('/orders')) {
    const code = run === undefined ? 'InvalidAction' : 'AWS.SimpleQueueService.NonExistentQueue';
    response.statusCode = 400;
    response.end(
      `<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type><Code>${code}</Code><Message>The specified queue does not exist.</Message><Detail/></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    );
    return;
  }
  const result = run(input);
  const shown = result === undefined ? '' : `<${action}Result>${result}</${action}Result>`;
  response.end(
    `<?xml version="1.0"?><${action}Response xmlns="http://queue.amazonaws.com/doc/2012-11-05/">${shown}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
  );
});

server.listen(Number(process.argv[2] ?? 9324), '127.0.0.1', () => {
  console.log(`queue on http://127.0.0.1:${server.address().port}`);
});

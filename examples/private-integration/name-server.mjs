// A name server in few lines: answers A and SRV questions from a table, over UDP (RFC 1035, RFC 2782).
// records: [{ name, type: 'A', address }, { name, type: 'SRV', priority, weight, port, target }]
import { createSocket } from 'node:dgram';

const TYPES = { A: 1, SRV: 33 };
const NAME_ERROR = 3;

/** Resolves to { port, records, close() }; `records` may be changed while it runs. */
export function startNameServer(port, records) {
  const socket = createSocket('udp4');
  const server = {
    port,
    records,
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
  socket.on('message', (question, from) => {
    socket.send(answer(question, server.records), from.port, from.address);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', () => {
      server.port = socket.address().port;
      resolve(server);
    });
  });
}

function answer(question, records) {
  const [name, end] = readName(question, 12);
  const type = question.readUInt16BE(end);
  const known = records.filter((record) => record.name === name.toLowerCase());
  const found = known.filter((record) => TYPES[record.type] === type);
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8580 | (known.length === 0 ? NAME_ERROR : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  return Buffer.concat([header, question.subarray(12, end + 4), ...found.map(printRecord)]);
}

function printRecord(record) {
  const data =
    record.type === 'A' ? Buffer.from(record.address.split('.').map(Number)) : printService(record);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(TYPES[record.type], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(1, 6); // seconds
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function printService({ priority, weight, port, target }) {
  const numbers = Buffer.alloc(6);
  numbers.writeUInt16BE(priority, 0);
  numbers.writeUInt16BE(weight, 2);
  numbers.writeUInt16BE(port, 4);
  const labels = target.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([numbers, ...labels, Buffer.alloc(1)]);
}

function readName(message, at) {
  const labels = [];
  for (;;) {
    const length = message[at++];
    if (length === 0) return [labels.join('.'), at];
    labels.push(message.toString('latin1', at, at + length));
    at += length;
  }
}

// Stands in for wscat, which need not be installed: `wscat -c URL [-H NAME:VALUE]… [-x MESSAGE]… [-w SECONDS]`, of which `-x` may stand
// several times. Prints what comes; ends with 1 when there is no connection.
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

const { values } = parseArgs({
  options: {
    connect: { type: 'string', short: 'c' },
    header: { type: 'string', short: 'H', multiple: true },
    execute: { type: 'string', short: 'x', multiple: true },
    wait: { type: 'string', short: 'w' },
  },
});
const headers = Object.fromEntries(
  (values.header ?? []).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
);
const socket = new WebSocket(values.connect!, { headers });
socket.on('error', (error) => {
  console.log(`error: ${error.message}`);
  process.exitCode = 1;
});
socket.on('message', (data) => console.log(`${data}`));
socket.on('open', () => {
  for (const message of values.execute ?? []) socket.send(message);
  setTimeout(() => socket.close(), Number(values.wait ?? 2) * 1000);
});

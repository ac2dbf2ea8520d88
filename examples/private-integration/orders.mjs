// Two instances of a service, blue with three times the weight of green, and the name server that knows them.
// Usage: node examples/private-integration/orders.mjs [port of the name server, default 4853]
import { createServer } from 'node:http';
import { startNameServer } from './name-server.mjs';

const blue = await startInstance('blue');
const green = await startInstance('green');
const record = { name: '_http._tcp.orders.internal', type: 'SRV', priority: 10 };
const server = await startNameServer(Number(process.argv[2] ?? 4853), [
  { ...record, weight: 3, port: blue, target: 'blue.orders.internal' },
  { ...record, weight: 1, port: green, target: 'green.orders.internal' },
  { name: 'blue.orders.internal', type: 'A', address: '127.0.0.1' },
  { name: 'green.orders.internal', type: 'A', address: '127.0.0.1' },
]);
console.log(`name server on 127.0.0.1:${server.port}`);

function startInstance(colour) {
  const instance = createServer((request, response) => {
    response.end(`${colour}: ${request.method} ${request.url} for ${request.headers.host.split('.')[0]}`);
  });
  return new Promise((resolve) => {
    instance.listen(0, '127.0.0.1', () => resolve(instance.address().port));
  });
}

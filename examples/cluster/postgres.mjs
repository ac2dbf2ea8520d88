// A PostgreSQL to try nodes with, for who has none at hand: `node examples/cluster/postgres.mjs [HOST:PORT]`. It is the server of the
// tests, so `npm run build` comes first; what it holds is gone when it ends.
import { openPostgresStand } from '../../dist/test/cluster/postgres-stand.js';

const [, port] = (process.argv[2] ?? '127.0.0.1:5433').split(':');
const stand = await openPostgresStand({ port: Number(port) });
await stand.sql(`create role laptop login password 'laptop'`);
await stand.sql('create database postern owner laptop');
console.log(`PostgreSQL on 127.0.0.1:${port}: postgres://laptop:laptop@127.0.0.1:${port}/postern`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await stand.close();
    process.exit(0);
  });
}

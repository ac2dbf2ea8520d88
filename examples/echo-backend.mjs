// A backend that shows what it was asked: it answers with the request line and headers it received, as JSON.
// `/missing` answers 404 and `/broken` answers 500, so that response mappings have something to do.
// Usage: node examples/echo-backend.mjs [port, default PORT of the environment, or 4800]
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const path = request.url.split('?')[0];
  const status = path.endsWith('/missing') ? 404 : path.endsWith('/broken') ? 500 : 200;
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    response.writeHead(status, { 'Content-Type': 'application/json', Server: 'echo' });
    response.end(
      `${JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }, null, 2)}\n`,
    );
  });
});
server.listen(Number(process.argv[2] ?? process.env.PORT ?? 4800), '127.0.0.1', () => {
  console.log(`echo backend on http://127.0.0.1:${server.address().port}`);
});

// Server of the `reply-from` gateway: node reply-from.server.js PORT BACKEND_PORT.
import { randomUUID } from 'node:crypto';
import replyFrom from '@fastify/reply-from';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';

const [port, backendPort] = process.argv.slice(2).map(Number);
const server = Fastify({ logger: false, keepAliveTimeout: 300_000 });

await server.register(replyFrom, {
  base: `http://127.0.0.1:${backendPort}`,
  undici: { connections: 128, pipelining: 1, keepAliveTimeout: 300_000 },
});
// Bodies pass through unparsed, as for the other gateways.
server.removeAllContentTypeParsers();
server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

const serve = (request: FastifyRequest<{ Params: { petId: string } }>, reply: FastifyReply): FastifyReply => {
  const { url } = request.raw;
  const query = url!.slice(url!.indexOf('?') + 1);
  return reply.from(`/v2/animals/${request.params.petId}`, {
    queryString: () => `${query}&src=gw`,
    rewriteRequestHeaders: (_request, headers) => {
      const { 'x-secret': _, ...kept } = headers;
      kept['x-request-id'] = randomUUID();
      kept['x-stage'] = 'prod';
      return kept;
    },
    rewriteHeaders: (headers) => {
      const { server: _, ...kept } = headers;
      kept['x-powered-by'] = 'gw';
      return kept;
    },
    onResponse: (_request, response, backendReply) => {
      response.code(201).send(backendReply.stream);
    },
  });
};
server.get('/pets/:petId', serve);
server.post('/pets/:petId', serve);

await server.listen({ host: '127.0.0.1', port: port! });

// @fastify/reply-from as a gateway: fastify does the routing, its hooks the mapping (reply-from.server.ts).
import { nodeGateway } from './node-gateway.ts';

export const replyFrom = nodeGateway('reply-from', '@fastify/reply-from', './reply-from.server.js');

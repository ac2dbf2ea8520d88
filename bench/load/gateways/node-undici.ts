// The obvious Node.js proxy: node:http in front, undici's dispatch behind, no framework (node-undici.server.ts).
import { nodeGateway } from './node-gateway.ts';

export const nodeUndici = nodeGateway('node+undici', 'undici', './node-undici.server.js');

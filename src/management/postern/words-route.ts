// GET /_postern/workbench/words: what can be completed in a mapping or a template (docs/reference/console-api.md).
import { badRequest } from '../../wire/errors.ts';
import { jsonReply, type PosternRoute } from './postern-routes.ts';

export const WORDS = 'GET /_postern/workbench/words';

/** The route: `?protocol=HTTP|WEBSOCKET`. */
export const wordsRoute: PosternRoute = async ({ query }) => {
  const protocol = new URLSearchParams(query).get('protocol') ?? 'HTTP';
  if (protocol !== 'HTTP' && protocol !== 'WEBSOCKET') {
    throw badRequest(`protocol is ${JSON.stringify(protocol)}: it is HTTP or WEBSOCKET`);
  }
  const { wordsOf } = await import('./words.ts');
  return jsonReply(200, wordsOf(protocol));
};

// An OpenID provider (oidc-provider) that gives the client `shop` access tokens in JWT form. The first argument is its
// port, 9000 without one. `POST /rotate` makes it sign with a new key; the old one stays published.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const ISSUER = 'https://login.example.com';

const keys = [];
let answer = withNewKey();

const server = createServer((request, response) => {
  if (request.method !== 'POST' || request.url !== '/rotate') return answer(request, response);
  answer = withNewKey();
  response.end();
});
server.listen(Number(process.argv[2] ?? 9000), '127.0.0.1', () => {
  console.log(`issuer ${ISSUER} at http://127.0.0.1:${server.address().port}`);
});

function withNewKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  keys.unshift({
    ...privateKey.export({ format: 'jwk' }),
    kid: `key-${keys.length + 1}`,
    use: 'sig',
    alg: 'RS256',
  });
  const provider = new Provider(ISSUER, {
    jwks: { keys },
    cookies: { keys: ['example'] },
    clients: [
      {
        client_id: 'shop',
        client_secret: 'shop-secret',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    scopes: ['pets:read', 'pets:write'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          audience: resource,
          scope: 'pets:read pets:write',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  return provider.callback();
}

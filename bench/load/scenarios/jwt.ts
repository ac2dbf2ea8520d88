// JWT authorizers: the same GET on an open route without a token, with one, and on a route that asks for it. Keys are warm,
// and so is the token, as of a client that calls more than once.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateAuthorizerCommand, GetRoutesCommand, UpdateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import { makeKey, makeToken, secondsFromNow, startTokenIssuer } from '../../../test/support/token-issuer.ts';
import type { Goal, Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { hostOf, type RunningPostern, startPostern } from '../gateways/postern.ts';
import { createApi, mappedRoutes } from '../gateways/postern-api.ts';
import { get } from '../requests.ts';
import { measure, ratio, rowsOf } from '../rounds.ts';
import type { Load } from '../wrk.ts';

const ISSUER = 'https://login.example.com';
const AUDIENCE = 'https://pets.example.com';

export const jwt: Scenario = {
  name: 'jwt',
  title: 'a route with a JWT authorizer instead of an open one',
  async run(bench): Promise<Outcome> {
    const key = makeKey('RS256', 'bench');
    const issuer = await startTokenIssuer(ISSUER, [key]);
    const config = join(bench.folder, 'jwt.yaml');
    writeFileSync(config, `jwt: { issuers: { "${ISSUER}": { address: "${issuer.address}" } } }\n`);
    const running = await startPostern(bench, { config });
    try {
      const routes = mappedRoutes(bench.backend.port);
      const open = hostOf(await createApi(running.client, { name: 'open', routes }));
      const asking = hostOf(
        await requireTokens(running, await createApi(running.client, { name: 'jwt', routes })),
      );
      const token = makeToken(key, {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: 'f1c2d3e4-0000-4000-8000-00000000beef',
        scope: 'openid pets:read pets:write',
        groups: ['staff', 'vets'],
        iat: secondsFromNow(-60),
        exp: secondsFromNow(3_600),
      });
      const withToken = (host: string): Load => {
        const load = get(host);
        return { ...load, headers: { ...load.headers, authorization: `Bearer ${token}` } };
      };
      await expectStatus(running, get(asking), 401);
      const subjects = [];
      for (const [name, load] of [
        ['open', get(open)],
        ['open, with a token', withToken(open)],
        ['JWT', withToken(asking)],
      ] as const) {
        await expectStatus(running, load, 201);
        subjects.push({ name, port: running.port, program: running.program, load });
      }
      const series = await measure(bench, subjects, { rounds: 9, seconds: 2 });
      const goal = (base: string): Goal => ({
        what: `requests/s of JWT / ${base}`,
        value: ratio(series, 'JWT', base),
        unit: '×',
        atLeast: 0.92,
      });
      return { table: rowsOf(series, 'open'), goals: [goal('open'), goal('open, with a token')] };
    } finally {
      running.client.destroy();
      await running.program.stop();
      await issuer.close();
    }
  },
};

/** Puts a JWT authorizer before every route of an API. */
async function requireTokens({ client }: RunningPostern, ApiId: string): Promise<string> {
  const { AuthorizerId } = await client.send(
    new CreateAuthorizerCommand({
      ApiId,
      Name: 'login',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: ISSUER, Audience: [AUDIENCE] },
    }),
  );
  const access = { AuthorizationType: 'JWT', AuthorizerId } as const;
  const { Items } = await client.send(new GetRoutesCommand({ ApiId }));
  for (const { RouteId } of Items ?? []) {
    await client.send(
      new UpdateRouteCommand({ ApiId, RouteId, ...access, AuthorizationScopes: ['pets:read'] }),
    );
  }
  return ApiId;
}

async function expectStatus({ port }: RunningPostern, load: Load, status: number): Promise<void> {
  const { method, target: path, headers } = load;
  const reply = await call({ port, path, method, headers });
  if (reply.status !== status) throw new Error(`status ${reply.status} instead of ${status}: ${reply.body}`);
}

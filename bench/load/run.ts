// `npm run bench`: Postern beside whatever other gateways are installed, and every speed goal of the project beside
// what was measured. Method: bench/METHOD.md.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from './backend.ts';
import { type Bench, type Gateway, isMet, type Scenario } from './bench.ts';
import { machine, pinSelf, planCores } from './cores.ts';
import { caddy } from './gateways/caddy.ts';
import { haproxy } from './gateways/haproxy.ts';
import { nginx } from './gateways/nginx.ts';
import { nodeUndici } from './gateways/node-undici.ts';
import { besidePostern, postern } from './gateways/postern.ts';
import { replyFrom } from './gateways/reply-from.ts';
import { readOptions, USAGE } from './options.ts';
import { writePage, writeResults } from './page/page.ts';
import type { Result, Results } from './page/results.ts';
import { summariseProfiles } from './profile.ts';
import { printGoal, printOutcome } from './report.ts';
import { accessLog } from './scenarios/access-log.ts';
import { attacks } from './scenarios/attacks.ts';
import { bodyMapping } from './scenarios/body-mapping.ts';
import { connectionPosts } from './scenarios/connection-posts.ts';
import { explain } from './scenarios/explain.ts';
import { handshakes } from './scenarios/handshakes.ts';
import { idleSockets } from './scenarios/idle-sockets.ts';
import { openapi } from './scenarios/import.ts';
import { install } from './scenarios/install.ts';
import { jwt } from './scenarios/jwt.ts';
import { lambda } from './scenarios/lambda.ts';
import { lambdaWorkers } from './scenarios/lambda-workers.ts';
import { largeBodies } from './scenarios/large-bodies.ts';
import { largeReplies } from './scenarios/large-replies.ts';
import { limits } from './scenarios/limits.ts';
import { liveRequests } from './scenarios/live-requests.ts';
import { management } from './scenarios/management.ts';
import { mappedGet } from './scenarios/mapped-get.ts';
import { mappings } from './scenarios/mappings.ts';
import { nodePosts } from './scenarios/node-posts.ts';
import { post } from './scenarios/post.ts';
import { posts } from './scenarios/posts.ts';
import { propagation } from './scenarios/propagation.ts';
import { reload } from './scenarios/reload.ts';
import { requestLog } from './scenarios/request-log.ts';
import { returns } from './scenarios/returns.ts';
import { routeChange } from './scenarios/route-change.ts';
import { routes } from './scenarios/routes.ts';
import { sigv4 } from './scenarios/sigv4.ts';
import { startUp } from './scenarios/start-up.ts';
import { throttle } from './scenarios/throttle.ts';
import { http2, https } from './scenarios/tls.ts';
import { traces } from './scenarios/traces.ts';
import { workers } from './scenarios/workers.ts';
import { wsEcho, wsTemplate, wsTls } from './scenarios/ws-messages.ts';
import { wsSoak } from './scenarios/ws-soak.ts';
import { wrkVersion } from './wrk.ts';

const GATEWAYS: readonly Gateway[] = [nginx, haproxy, postern, nodeUndici, replyFrom, caddy];
const SCENARIOS: readonly Scenario[] = [
  mappedGet,
  routes,
  mappings,
  throttle,
  requestLog,
  liveRequests,
  traces,
  accessLog,
  bodyMapping,
  https,
  http2,
  handshakes,
  jwt,
  sigv4,
  lambda,
  lambdaWorkers,
  post,
  largeReplies,
  largeBodies,
  workers,
  startUp,
  install,
  explain,
  routeChange,
  reload,
  management,
  openapi,
  wsEcho,
  wsTemplate,
  wsTls,
  connectionPosts,
  posts,
  wsSoak,
  idleSockets,
  nodePosts,
  propagation,
  limits,
  returns,
  attacks,
];

/** Those of the table of goals: one run of them is a quarter of an hour. */
const IN_TABLE: ReadonlySet<Scenario> = new Set([
  mappedGet,
  accessLog,
  https,
  http2,
  handshakes,
  jwt,
  sigv4,
  lambda,
  largeReplies,
  startUp,
  install,
  explain,
  routeChange,
  management,
  wsEcho,
  wsTls,
  connectionPosts,
]);

// The SDK's notice about future Node.js versions is no news here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), {
    scenarios: SCENARIOS.map(({ name }) => name),
    gateways: GATEWAYS.map(({ name }) => name),
  });
  if (options.help) {
    console.log(`${USAGE}\nScenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}`);
    console.log(`Gateways: ${GATEWAYS.map(({ name }) => name).join(', ')}`);
    return 0;
  }
  if (options.page) {
    writePage();
    return 0;
  }
  const say = (line: string): void => console[options.json ? 'error' : 'log'](line);
  const wrk = wrkVersion();
  if (wrk === undefined)
    throw new Error('wrk is not installed (Debian: apt-get install wrk nginx haproxy caddy)');
  if (nginx.version() === undefined) throw new Error('nginx, the backend of all gateways, is not installed');

  const versions = new Map(GATEWAYS.map((gateway) => [gateway.name, gateway.version()]));
  const asked = (name: string): boolean => options.gateways.size === 0 || options.gateways.has(name);
  const gateways = new Map(
    GATEWAYS.filter(({ name }) => asked(name) && versions.get(name) !== undefined).map((each) => [
      each.name,
      each,
    ]),
  );
  if (options.beside !== undefined) {
    const other = besidePostern(options.beside);
    gateways.set(other.name, other);
  }
  const cores = planCores();
  const about: Results['about'] = {
    commit: builtCommit(),
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    node: process.version,
    wrk,
    cores: cores.sentence,
    gateways: Object.fromEntries([...versions].map(([name, version]) => [name, version ?? 'not installed'])),
    loadAverage: loadavg()[0]!.toFixed(2),
  };
  pinSelf(cores);
  say(`${about.machine}\nNode.js ${about.node}, wrk ${wrk}\n${about.cores}`);
  say([...versions].map(([name, version]) => `${name} ${version ?? 'not installed'}`).join(', '));
  if (loadavg()[0]! > 0.5)
    say(`The machine is busy (load ${about.loadAverage}): trust ratios, not absolute figures.`);

  if (options.profileFolder !== undefined) mkdirSync(options.profileFolder, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  const backend = await startBackend({ cores, folder });
  const bench: Bench = { options, cores, folder, backend, gateways, say };
  const results: Result[] = [];
  const startedAt = Date.now();
  try {
    for (const scenario of SCENARIOS) {
      const { name, title } = scenario;
      if (
        options.scenarios.size > 0 ? !options.scenarios.has(name) : options.table && !IN_TABLE.has(scenario)
      )
        continue;
      say(`\n${name}: ${title}`);
      try {
        const outcome = await scenario.run(bench);
        results.push({ name, title, outcome });
        say(printOutcome(outcome));
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error);
        results.push({ name, title, failure });
        say(`  FAILED: ${failure}`);
      }
    }
  } finally {
    await backend.program.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  const goals = results.flatMap(({ name, outcome }) =>
    (outcome?.goals ?? []).map((goal) => ({ name, goal })),
  );
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  say(`\n${goals.filter(({ goal }) => isMet(goal)).length} of ${goals.length} goals met, ${seconds} s:`);
  for (const { name, goal } of goals) say(`${printGoal(goal)} [${name}]`);
  if (options.profileFolder !== undefined) say(`\n${summariseProfiles(options.profileFolder)}`);
  const all: Results = { about, seconds, results };
  if (options.write) writeResults(all);
  if (options.json) console.log(JSON.stringify(all, undefined, 2));
  return results.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

/** Of dist/commit.json. */
function builtCommit(): string {
  try {
    const text = readFileSync(new URL('../../commit.json', import.meta.url), 'utf8');
    return (JSON.parse(text) as { commit: string }).commit;
  } catch {
    return '';
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);

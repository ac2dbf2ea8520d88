// `npm run bench`: Postern beside whatever other gateways are installed, and every speed goal of the project beside
// what was measured. Method: bench/README.md.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from './backend.ts';
import { type Bench, type Gateway, isMet, type Outcome, type Scenario } from './bench.ts';
import { machine, pinSelf, planCores } from './cores.ts';
import { caddy } from './gateways/caddy.ts';
import { haproxy } from './gateways/haproxy.ts';
import { nginx } from './gateways/nginx.ts';
import { nodeUndici } from './gateways/node-undici.ts';
import { besidePostern, postern } from './gateways/postern.ts';
import { replyFrom } from './gateways/reply-from.ts';
import { readOptions, USAGE } from './options.ts';
import { summariseProfiles } from './profile.ts';
import { printGoal, printOutcome } from './report.ts';
import { attacks } from './scenarios/attacks.ts';
import { bodyMapping } from './scenarios/body-mapping.ts';
import { openapi } from './scenarios/import.ts';
import { jwt } from './scenarios/jwt.ts';
import { lambda } from './scenarios/lambda.ts';
import { largeBodies } from './scenarios/large-bodies.ts';
import { management } from './scenarios/management.ts';
import { mappedGet } from './scenarios/mapped-get.ts';
import { mappings } from './scenarios/mappings.ts';
import { post } from './scenarios/post.ts';
import { reload } from './scenarios/reload.ts';
import { requestLog } from './scenarios/request-log.ts';
import { routeChange } from './scenarios/route-change.ts';
import { routes } from './scenarios/routes.ts';
import { startUp } from './scenarios/start-up.ts';
import { wsEcho, wsTemplate } from './scenarios/ws-messages.ts';
import { wsSoak } from './scenarios/ws-soak.ts';
import { wrkVersion } from './wrk.ts';

const GATEWAYS: readonly Gateway[] = [nginx, haproxy, postern, nodeUndici, replyFrom, caddy];
const SCENARIOS: readonly Scenario[] = [
  mappedGet,
  routes,
  mappings,
  requestLog,
  bodyMapping,
  jwt,
  lambda,
  post,
  largeBodies,
  startUp,
  routeChange,
  reload,
  management,
  openapi,
  wsEcho,
  wsTemplate,
  wsSoak,
  attacks,
];

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
  const about = {
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
  const results: { name: string; title: string; outcome?: Outcome; failure?: string }[] = [];
  const startedAt = Date.now();
  try {
    for (const scenario of SCENARIOS) {
      const { name, title } = scenario;
      if (options.scenarios.size > 0 && !options.scenarios.has(name)) continue;
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
  if (options.json) console.log(JSON.stringify({ about, seconds, results }, undefined, 2));
  return results.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);

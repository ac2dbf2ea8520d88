// A CDK app deploys from its cloud assembly: `cdk synth` without the CDK's command line, then `postern deploy cdk.out`.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { example } from '../stand.mjs';

await example(import.meta.url, async (stand) => {
  await stand.startPostern();
  const assembly = join(stand.directory, 'cdk.out');
  const env = { ...process.env, CDK_OUTDIR: assembly };
  execFileSync(process.execPath, [stand.path('app.mjs')], { env, stdio: 'ignore' });
  const { outputs } = await stand.deployAs('cdk.out', assembly);

  await show('/pets/Tom', {});
  await show('/pets/Tom', { 'X-Key': 'open' });
  await stand.deployAs('cdk.out', assembly);

  stand.say(`message hello\n  ${await stand.message(outputs.SocketUrl.here, 'hello')}`);

  async function show(path, headers) {
    const { status, body } = await stand.get(`${outputs.Url.here}${path.slice(1)}`, headers);
    const named = Object.entries(headers).map(([name, value]) => ` ${name}: ${value}`);
    stand.say(`GET ${path}${named.join('')}\n  ${status} ${body}`);
  }
});

// A SAM template deploys as it is: an HTTP API with a Lambda authorizer and a function, parameters from samconfig.toml.
import { example } from '../stand.mjs';

await example(import.meta.url, async (stand) => {
  await stand.startPostern();
  const { outputs } = await stand.deploy();
  await show('/pets');
  await show('/pets', { 'X-Key': 'wrong' });
  await show('/pets', { 'X-Key': 'open' });
  await stand.deploy('--parameter-overrides', 'Greeting=hi');
  await show('/pets', { 'X-Key': 'open' });
  await stand.deploy('--parameter-overrides', 'Greeting=hi');

  async function show(path, headers = {}) {
    const { status, body } = await stand.get(`${outputs.Url.here}${path}`, headers);
    const named = Object.entries(headers).map(([name, value]) => ` ${name}: ${value}`);
    stand.say(`GET /prod${path}${named.join('')}\n  ${status} ${body}`);
  }
});

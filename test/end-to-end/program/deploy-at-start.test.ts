// Definitions that postern.yaml names are deployed when the program has started (spec/definitions.md §6.5).
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { killPrograms } from '../../support/program.ts';
import { startProgram } from '../../support/program-stand.ts';

afterEach(killPrograms);

const CONFIG = `stacks:
  broken: { source: broken.yaml, parameters: { Name: x } }
  missing: { source: missing.yaml }
  pets: { source: pets.yaml, parameters: { Name: cats } }
`;
const PETS = `Parameters: { Name: { Type: String } }
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: !Ref Name, ProtocolType: HTTP }
`;

test('what can be deployed at the start is, and what cannot is a line of the log', async (t) => {
  const { program, client, cwd } = await startProgram(t, ['--config', 'postern.yaml'], {
    prepare: async (cwd) => {
      await writeFile(join(cwd, 'postern.yaml'), CONFIG);
      await writeFile(join(cwd, 'broken.yaml'), PETS.replace('Properties:', 'Propertie:'));
      await writeFile(join(cwd, 'pets.yaml'), PETS);
    },
  });
  const { stackName, source, changes } = await program.logged('a stack was deployed');
  assert.deepEqual([stackName, source, changes], ['pets', join(cwd, 'pets.yaml'), 1]);
  const refused = ['broken', 'missing'].map(
    (name) => program.lines.find((line) => line.includes(`"stackName":"${name}"`))!,
  );
  const [broken, missing] = refused.map((line) => JSON.parse(line));
  assert.equal(broken.msg, 'a stack was not deployed');
  assert.match(broken.reason, /^broken\.yaml:\d+:\d+ .*Propertie/);
  assert.equal(missing.reason, `${join(cwd, 'missing.yaml')} does not exist.`);
  const { Items } = await client.send(new GetApisCommand({}));
  assert.deepEqual(
    Items!.map(({ Name }) => Name),
    ['cats'],
  );
  assert.equal((await program.stop()).code, 0);
});

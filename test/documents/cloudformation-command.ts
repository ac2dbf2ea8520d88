// `aws cloudformation …` of the stand-in for the AWS CLI: what guides use of it, by the calls that the CLI makes
// (spec/definitions.md §13.1.1).
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import type { Member } from '../../src/wire/shape.ts';

export interface CloudFormationCommand {
  readonly members: readonly Member[];
  send(input: object): Promise<object>;
}

const text = { kind: 'string' } as const;
const member = (name: string, required: boolean): Member => ({ name, jsonName: name, shape: text, required });

/** Undefined for what no guide uses. */
export function cloudFormationCommand(
  name: string,
  settings: CloudFormationClientConfig,
  cwd: string,
): CloudFormationCommand | undefined {
  const client = new CloudFormationClient(settings);
  const ofStack = (
    send: (stack: { readonly StackName: string }) => Promise<object>,
  ): CloudFormationCommand => ({
    members: [member('StackName', true)],
    send: (input) => send(input as { readonly StackName: string }),
  });
  switch (name) {
    case 'Deploy':
      return {
        members: [
          member('TemplateFile', true),
          member('StackName', true),
          { ...member('Capabilities', false), shape: { kind: 'list', item: text } },
        ],
        send: (input) => deploy(client, input as Deployed, cwd),
      };
    case 'DescribeStacks':
      return ofStack((stack) => client.send(new DescribeStacksCommand(stack)));
    case 'DescribeStackEvents':
      return ofStack((stack) => client.send(new DescribeStackEventsCommand(stack)));
    case 'DeleteStack':
      return ofStack((stack) => client.send(new DeleteStackCommand(stack)));
    default:
      return undefined;
  }
}

interface Deployed {
  readonly TemplateFile: string;
  readonly StackName: string;
}

async function deploy(
  client: CloudFormationClient,
  { TemplateFile, StackName }: Deployed,
  cwd: string,
): Promise<object> {
  const TemplateBody = await readFile(resolve(cwd, TemplateFile), 'utf8');
  const isThere = await client.send(new DescribeStacksCommand({ StackName })).then(
    () => true,
    () => false,
  );
  const { Id: ChangeSetName } = await client.send(
    new CreateChangeSetCommand({
      StackName,
      TemplateBody,
      ChangeSetName: `awscli-cloudformation-package-deploy-${Date.now()}`,
      ChangeSetType: isThere ? 'UPDATE' : 'CREATE',
    }),
  );
  const planned = await client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName }));
  if (planned.Status !== 'CREATE_COMPLETE') return {};
  await client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName }));
  return {};
}

// AutoPublishAlias: a version of the function and an alias for it (spec/definitions.md §8.9.1).
import { get, isMap, isTruthy, made, type Plain, stringOf, type Tree, truthyMember } from '../editing.ts';
import { idHash } from '../ids.ts';
import { getAtt, ref } from '../intrinsics.ts';
import type { Blame } from '../invalid.ts';
import type { ParameterValues } from '../parameter-values.ts';
import { joined, type Resource, type SamResource } from '../resource.ts';
import { aliasTarget, type FunctionTarget } from './function-target.ts';

export interface PublishedAlias {
  readonly name: string;
  readonly version: Resource;
  readonly alias: Resource;
  readonly target: FunctionTarget;
}

/** Undefined where nothing is published. AutoPublishCodeSha256 goes into the description of the function. */
export function publishedAlias(
  fn: SamResource,
  lambda: Resource,
  parameters: ParameterValues,
  blame: Blame,
): PublishedAlias | undefined {
  const { logicalId, properties, offset, passedOn } = fn;
  const given = truthyMember(properties, 'AutoPublishAlias');
  if (given === undefined) return undefined;
  const name = stringOf(parameters.resolved(given));
  if (name === undefined) {
    throw blame("'AutoPublishAlias' must be a string or a Ref to a template parameter", given);
  }
  const sha = codeSha(fn, lambda, parameters, blame);
  if (name === '') throw blame('Alias name is required to create an alias', given);
  if (!/^[a-zA-Z0-9\-_]+$/.test(name) || /^[0-9]+$/.test(name)) {
    throw blame(
      `AutoPublishAlias name ('${name}') must contain only alphanumeric characters, hyphens, or underscores matching (?!^[0-9]+$)([a-zA-Z0-9-_]+) pattern.`,
      given,
    );
  }
  const isOfProvider = get(properties, 'CapacityProviderConfig') !== undefined;
  const version: Resource = {
    logicalId: `${logicalId}Version${sha?.slice(0, 10) ?? idHash(published(fn, lambda, parameters))}`,
    type: 'AWS::Lambda::Version',
    attributes: {
      ...passedOn,
      DeletionPolicy:
        passedOn.DeletionPolicy ??
        get(properties, 'VersionDeletionPolicy') ??
        (isOfProvider ? 'Delete' : 'Retain'),
    },
    offset,
    properties: {
      FunctionName: ref(logicalId),
      Description: get(properties, 'VersionDescription'),
      FunctionScalingConfig: isOfProvider ? get(properties, 'FunctionScalingConfig') : undefined,
    },
  };
  const aliasId = `${logicalId}Alias${name.replaceAll('-', 'D').replaceAll('_', 'U')}`;
  const alias: Resource = {
    logicalId: aliasId,
    type: 'AWS::Lambda::Alias',
    attributes: passedOn,
    offset: given.offset,
    properties: {
      Name: name,
      FunctionName: ref(logicalId),
      FunctionVersion: getAtt(version.logicalId, 'Version'),
      ProvisionedConcurrencyConfig: truthyMember(properties, 'ProvisionedConcurrencyConfig'),
    },
  };
  return { name, version, alias, target: aliasTarget(aliasId, passedOn) };
}

function codeSha(
  { properties }: SamResource,
  lambda: Resource,
  parameters: ParameterValues,
  blame: Blame,
): string | undefined {
  const given = truthyMember(properties, 'AutoPublishCodeSha256');
  if (given === undefined) return undefined;
  const sha = stringOf(parameters.resolved(given));
  if (sha === undefined) throw blame('AutoPublishCodeSha256 must be a string', given);
  const description = parameters.resolved(truthyMember(properties, 'Description'));
  lambda.properties.Description = withSha(description, sha);
  return sha;
}

function withSha(description: Tree | undefined, sha: string): Plain {
  if (!isTruthy(description)) return sha;
  const text = stringOf(description);
  return text === undefined ? { 'Fn::Join': [' ', [description, sha]] } : `${text} ${sha}`;
}

/** What a new version is published for when it changes. */
function published({ properties, offset }: SamResource, lambda: Resource, parameters: ParameterValues): Tree {
  const all = get(properties, 'AutoPublishAliasAllProperties');
  if (isTruthy(all)) return made(offset, lambda.properties);
  const code = parameters.resolved(made(offset, lambda.properties.Code!));
  const memory = truthyMember(properties, 'MemorySize');
  return joined(
    offset,
    isMap(code) ? code : made(offset, { Code: code }),
    get(properties, 'Environment'),
    memory === undefined ? undefined : made(offset, { MemorySize: memory }),
  );
}

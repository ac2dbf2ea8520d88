// `AWS::Serverless::LayerVersion`: a layer version whose id changes with it, so that a change makes another (spec/definitions.md §8.1).
import { get, has, isList, isTruthy, madeMap, stringOf, type Tree } from './editing.ts';
import type { Expansion } from './expansion.ts';
import { idHash } from './ids.ts';
import { isIntrinsic } from './intrinsics.ts';
import { type Blame, blameResource } from './invalid.ts';
import { codeLocation } from './locations.ts';
import { joined, type Resource, type SamResource } from './resource.ts';

const RETENTION = ['Retain', 'Delete'];
const RESOLVED = ['LayerName', 'LicenseInfo', 'Description', 'RetentionPolicy'];

export function expandLayerVersion(layer: SamResource, { parameters }: Expansion): Resource[] {
  const { logicalId, offset, passedOn, attributes, dependsOn } = layer;
  const blame = blameResource(logicalId, offset);
  const resolved = madeMap(
    offset,
    Object.fromEntries(
      RESOLVED.filter((name) => has(layer.properties, name)).map((name) => [
        name,
        resolvedText(
          name,
          get(layer.properties, name),
          parameters.resolved(get(layer.properties, name)),
          blame,
        ),
      ]),
    ),
  );
  const properties = joined(offset, layer.properties, resolved);
  const retention = retentionOf(get(properties, 'RetentionPolicy'), blame);
  const hashed = madeMap(offset, {
    [logicalId]: {
      Type: layer.type,
      DependsOn: dependsOn,
      Condition: attributes.Condition,
      UpdatePolicy: attributes.UpdatePolicy,
      Properties: properties,
    },
  });
  const layerName = get(properties, 'LayerName');
  const architectures = get(properties, 'CompatibleArchitectures');
  const newId = `${logicalId}${idHash(hashed)}`;
  checkArchitectures(architectures, blameResource(newId, offset));
  return [
    {
      logicalId: newId,
      type: 'AWS::Lambda::LayerVersion',
      attributes: { ...passedOn, DeletionPolicy: retention ?? passedOn.DeletionPolicy ?? 'Retain' },
      dependsOn,
      offset,
      properties: {
        LayerName: isTruthy(layerName) ? layerName : logicalId,
        Description: get(properties, 'Description'),
        Content: codeLocation(get(properties, 'ContentUri')!, 'ContentUri', blameResource(newId, offset)),
        CompatibleArchitectures: architectures,
        CompatibleRuntimes: get(properties, 'CompatibleRuntimes'),
        LicenseInfo: get(properties, 'LicenseInfo'),
      },
    },
  ];
}

/** A parameter that these are must be text. */
function resolvedText(
  name: string,
  given: Tree | undefined,
  value: Tree | undefined,
  blame: Blame,
): Tree | undefined {
  if (value === undefined || isIntrinsic(value) || stringOf(value) !== undefined) return value;
  throw blame(`Could not resolve parameter for '${name}' or parameter is not a String.`, given);
}

function retentionOf(given: Tree | undefined, blame: Blame): string | undefined {
  if (given === undefined) return undefined;
  const options = "['Retain', 'Delete']";
  if (isIntrinsic(given)) {
    throw blame(
      `'RetentionPolicy' does not accept intrinsic functions, please use one of the following options: ${options}`,
      given,
    );
  }
  const wanted = stringOf(given);
  if (wanted === undefined) {
    throw blame(`Invalid 'RetentionPolicy' type, please use one of the following options: ${options}`, given);
  }
  const found = RETENTION.find((option) => option.toLowerCase() === wanted.toLowerCase());
  if (found === undefined) {
    throw blame(`'RetentionPolicy' must be one of the following options: ${options}.`, given);
  }
  return found;
}

function checkArchitectures(given: Tree | undefined, blame: Blame): void {
  if (!isList(given)) return;
  for (const each of given.items) {
    if (isIntrinsic(each) || ['arm64', 'x86_64'].includes(stringOf(each) ?? '')) continue;
    throw blame("CompatibleArchitectures needs to be a list of 'x86_64' or 'arm64'", each);
  }
}

// `AWS::Serverless::Application`: a nested stack (spec/definitions.md §8.1).
import { get, isMap, isTruthy, type Plain, type Tree } from './editing.ts';
import { type Blame, blameResource } from './invalid.ts';
import { type Resource, type SamResource, tagList } from './resource.ts';

export function expandApplication({
  logicalId,
  properties,
  passedOn,
  dependsOn,
  offset,
}: SamResource): Resource[] {
  const location = get(properties, 'Location');
  const tags: Plain[] = [{ Key: 'lambda:createdBy', Value: 'SAM' }];
  if (isMap(location)) checkLocation(location, blameResource(logicalId, offset));
  for (const [name, key] of [
    ['ApplicationId', 'serverlessrepo:applicationId'],
    ['SemanticVersion', 'serverlessrepo:semanticVersion'],
  ] as const) {
    const value = get(location, name);
    if (value !== undefined) tags.push({ Key: key, Value: value });
  }
  return [
    {
      logicalId,
      type: 'AWS::CloudFormation::Stack',
      attributes: passedOn,
      dependsOn,
      offset,
      properties: {
        TemplateURL: templateUrl(location, get(properties, 'TemplateUrl')),
        Parameters: get(properties, 'Parameters'),
        NotificationARNs: get(properties, 'NotificationARNs'),
        Tags: [...tags, ...tagList(get(properties, 'Tags'))],
        TimeoutInMinutes: get(properties, 'TimeoutInMinutes'),
      },
    },
  ];
}

/** An application of the repository has no template here: its URL is empty, and the nested stack says so. */
function templateUrl(location: Tree | undefined, url: Tree | undefined): Plain {
  if (location !== undefined && !isMap(location)) return location;
  return url ?? '';
}

function checkLocation(location: Tree, blame: Blame): void {
  if (!isMap(location)) return;
  for (const name of ['ApplicationId', 'SemanticVersion']) {
    if (!location.members.has(name)) {
      throw blame(`Resource is missing the required [${name}] property.`, location);
    }
  }
  const [id, version] = [get(location, 'ApplicationId'), get(location, 'SemanticVersion')];
  if (id === undefined) throw blame("Property 'ApplicationId' is required.", location);
  if (!isTruthy(version)) throw blame("Property 'SemanticVersion' cannot be blank.", location);
  for (const [name, value] of [
    ['ApplicationId', id],
    ['SemanticVersion', version],
  ] as const) {
    if (!isMap(value)) continue;
    throw blame(
      `Property '${name}' cannot be resolved. Only FindInMap and Ref intrinsic functions are supported.`,
      value,
    );
  }
}

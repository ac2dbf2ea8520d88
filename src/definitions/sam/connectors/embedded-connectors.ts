// The attribute `Connectors` of a resource: connectors whose source it is.
import { entries, get, has, isMap, madeMap, type Tree, type TreeMap } from '../editing.ts';
import { blameResource, expectMap, Invalid } from '../invalid.ts';
import { joined } from '../resource.ts';
import { takenId } from '../taken-ids.ts';

const CONNECTOR = 'AWS::Serverless::Connector';

/** Takes the attribute off each resource, and returns the connectors by their logical ids. */
export function embeddedConnectors(resources: TreeMap, errors: Invalid[]): [string, TreeMap][] {
  const made: [string, TreeMap][] = [];
  for (const [logicalId, resource] of entries(resources)) {
    if (!isMap(resource) || !resource.members.has('Connectors')) continue;
    const connectors = get(resource, 'Connectors');
    resource.members.delete('Connectors');
    if (!isMap(connectors)) {
      errors.push(
        blameResource(logicalId, resource.offset)(
          `Attribute '${logicalId}.Connectors' should be a map.`,
          connectors,
        ),
      );
      continue;
    }
    for (const [name, connector] of entries(connectors)) {
      try {
        made.push([`${logicalId}${name}`, connectorOf(logicalId, name, connector, resources)]);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        errors.push(error);
      }
    }
  }
  return made;
}

function connectorOf(sourceId: string, name: string, connector: Tree, resources: TreeMap): TreeMap {
  const logicalId = `${sourceId}${name}`;
  if (!isMap(connector)) {
    throw blameResource(logicalId, connector.offset)(`${sourceId}.${logicalId} should be a map.`, connector);
  }
  const blame = blameResource(sourceId, connector.offset);
  const given = get(connector, 'Properties');
  const properties = expectMap(
    given,
    `Connectors.${name}.Properties`,
    blame,
    `Attribute 'Connectors.${name}.Properties' should be a map.`,
  );
  const source = madeMap(connector.offset, { Id: sourceId });
  const reference = get(properties, 'SourceReference');
  if (properties.members.has('SourceReference')) {
    const map = expectMap(reference, `Connectors.${name}.Properties.SourceReference`, blame);
    if (has(map, 'Id')) {
      throw blameResource(name, map.offset)("'Id' shouldn't be defined in 'SourceReference'.", map);
    }
  }
  const all = joined(
    properties.offset,
    properties,
    madeMap(connector.offset, { Source: joined(source.offset, source, reference) }),
  );
  all.members.delete('SourceReference');
  if (resources.members.has(logicalId)) {
    throw takenId(sourceId, { logicalId, type: CONNECTOR, offset: connector.offset });
  }
  return joined(connector.offset, connector, madeMap(connector.offset, { Type: CONNECTOR, Properties: all }));
}

// Integrations of operations, as CreateIntegration takes them (spec/openapi.md §7, Choices O19, O31, O36, O37, O39).

import { type MapNode, memberOf, type Node, textOf } from '../../tree/node.ts';
import { type DefinedIntegration, DefinitionError, type GivenMembers } from '../definition.ts';
import { stepsOf } from '../reference.ts';
import { memberRows, readMembers } from './given.ts';
import { versionFromNumber } from './payload-format-version.ts';
import { givenOf } from './values.ts';

export const INTEGRATION = 'x-amazon-apigateway-integration';
const NAMED = 'x-amazon-apigateway-integrations';

/** Other members are those of REST or WebSocket APIs, and make nothing. */
const MEMBERS = memberRows('CreateIntegration', {
  type: 'IntegrationType',
  uri: 'IntegrationUri',
  httpMethod: 'IntegrationMethod',
  payloadFormatVersion: 'PayloadFormatVersion',
  integrationSubtype: 'IntegrationSubtype',
  connectionType: 'ConnectionType',
  connectionId: 'ConnectionId',
  credentials: 'CredentialsArn',
  requestParameters: 'RequestParameters',
  responseParameters: 'ResponseParameters',
  timeoutInMillis: 'TimeoutInMillis',
  tlsConfig: 'TlsConfig',
  description: 'Description',
});

interface Named {
  readonly name: string;
  readonly node: Node;
}

/** Reads integrations. All references to one name give the same object. */
export class IntegrationReader {
  readonly #components: Node | undefined;
  /** What references lead to; undefined for nowhere. */
  readonly #targets = new Map<string, Named | undefined>();
  readonly #read = new Map<string, DefinedIntegration>();

  constructor(root: MapNode) {
    this.#components = memberOf(memberOf(root, 'components'), NAMED);
  }

  /** `path` is that of the operation, as written. Throws DefinitionError when the integration is malformed. */
  read(node: Node, path: string): DefinedIntegration {
    const { offset } = node;
    const reference = referenceOf(node);
    if (reference === undefined) return { shared: undefined, given: translated(node, path), offset };
    const target = this.#targetOf(reference);
    if (target === undefined)
      return { shared: undefined, given: { refusal: `${reference} is missing` }, offset };
    return this.#read.get(target.name) ?? this.#readNamed(target, path);
  }

  #readNamed({ name, node }: Named, path: string): DefinedIntegration {
    const integration = { shared: name, given: translated(node, path), offset: node.offset };
    this.#read.set(name, integration);
    return integration;
  }

  /** A named integration may be a reference to another. */
  #targetOf(first: string): Named | undefined {
    const passed = new Set<string>();
    let target: Named | undefined;
    let reference: string | undefined = first;
    while (reference !== undefined && !passed.has(reference)) {
      if (this.#targets.has(reference)) {
        target = this.#targets.get(reference);
        break;
      }
      passed.add(reference);
      const name = nameIn(reference);
      const node: Node | undefined = name === undefined ? undefined : memberOf(this.#components, name);
      reference = node && referenceOf(node);
      if (node !== undefined && reference === undefined) target = { name: name!, node };
    }
    for (const each of passed) this.#targets.set(each, target);
    return target;
  }
}

function referenceOf(node: Node): string | undefined {
  const reference = memberOf(node, '$ref');
  return reference?.kind === 'scalar' && typeof reference.value === 'string' ? reference.value : undefined;
}

function nameIn(reference: string): string | undefined {
  const steps = stepsOf(reference);
  return steps?.length === 3 && steps[0] === 'components' && steps[1] === NAMED ? steps[2] : undefined;
}

function translated(node: Node, path: string): GivenMembers {
  checkForm(node, path);
  const type = textOf(memberOf(node, 'type'));
  return {
    ...readMembers(node, MEMBERS),
    ...(type === undefined ? {} : { IntegrationType: type.toUpperCase() }),
    ...versionFromNumber(node, 'payloadFormatVersion', 'PayloadFormatVersion'),
  };
}

/** What is no refusal of one integration but an error of the document (Choice O31). */
function checkForm(node: Node, path: string): void {
  if (node.kind !== 'map') throw malformed(path, node, 'an integration is an object');
  const uri = givenOf(node, 'uri');
  if (uri !== undefined && !(uri.kind === 'scalar' && typeof uri.value === 'string')) {
    throw malformed(path, uri, 'the uri of an integration is a string');
  }
  for (const member of ['requestParameters', 'responseParameters']) {
    const parameters = givenOf(node, member);
    if (parameters !== undefined && parameters.kind !== 'map')
      throw malformed(path, parameters, `${member} is an object`);
  }
}

function malformed(path: string, { offset }: Node, detail: string): DefinitionError {
  const message = `Unable to parse API definition because of a malformed integration at path ${path}.`;
  return new DefinitionError(message, offset, detail);
}

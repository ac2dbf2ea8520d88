// Templates of tests: loaded with a few parameters, resources, exports and dynamic references to look at.
import { plainOf } from '../tree/node.ts';
import type { SourceText } from './deploy-request.ts';
import { Evaluation } from './evaluate/evaluation.ts';
import { type Finding, TemplateError } from './finding.ts';
import { type LoadedTemplate, loadTemplate } from './load-template.ts';
import type { ParameterSources } from './parameters.ts';
import { type EvaluationScope, NotKnown } from './scope.ts';
import { Sources } from './sources.ts';

export interface Given extends Partial<ParameterSources> {
  /** By location. */
  readonly files?: { readonly [location: string]: string };
}

export const PLACE = {
  account: '000000000000',
  region: 'us-east-1',
  stackName: 'pets',
  stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/pets/1',
};
const SSM: { readonly [name: string]: string } = { '/a': '1', '/b': '2', '/list': 'x, y' };

export function load(text: string, given: Given = {}, sources = new Sources()): LoadedTemplate {
  const files = new Map(
    Object.entries(given.files ?? {}).map(([name, file]) => [name, { name, text: file }]),
  );
  return loadTemplate(
    sources,
    { name: 'template.yaml', text },
    {
      place: PLACE,
      parameters: { ssm: (name) => SSM[name], ...given },
      include: (location): SourceText | string =>
        files.get(location) ??
        (location.startsWith('s3:') ? `${location} is not here` : `${location} does not exist.`),
      exported: (name) => (name === 'net' ? 'vpc-1' : undefined),
      hide: () => undefined,
    },
  );
}

/** Errors of a template that cannot be loaded, or of what evaluates one. */
export function errorsOf(attempt: () => unknown): readonly Finding[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof TemplateError) return error.findings.filter(({ severity }) => severity === 'error');
    throw error;
  }
  return [];
}

/** Properties of `R`, evaluated, as plain data. */
export function propertiesOf({ template, parameters }: LoadedTemplate, id = 'R'): unknown {
  const evaluation = new Evaluation(template, { ...SCOPE, parameters });
  const { properties } = template.resources.get(id)!;
  const value = evaluation.evaluate(properties, { logicalId: id, path: `Resources.${id}.Properties` });
  return value && plainOf(value);
}

const SCOPE: Omit<EvaluationScope, 'parameters'> = {
  resource: (id) => ({
    type: id === 'Api' ? 'AWS::ApiGatewayV2::Api' : 'AWS::RDS::DBCluster',
    ref: () => (id === 'Api' ? 'a1b2c3d4e5' : `pets-${id}`),
    attribute(name) {
      if (name === 'ApiId') return 'a1b2c3d4e5';
      if (name === 'Endpoint.Address') throw new NotKnown(`${id}.${name}`, 'AWS::RDS::DBCluster');
      return undefined;
    },
  }),
  exported: (name) => (name === 'net' ? 'vpc-1' : undefined),
  resolved({ service, name, jsonKey }) {
    if (service === 'secretsmanager')
      return jsonKey === undefined ? `secret of ${name}` : `${jsonKey} of ${name}`;
    return SSM[name];
  },
};

// Api events of state machines: an operation that starts an execution.
import { get, isMap, isTruthy, madeMap, set, stringOf, type TreeMap } from '../editing.ts';
import { getAtt, onlyIf, referredTo, sub } from '../intrinsics.ts';
import { expectMap } from '../invalid.ts';
import { addIntegration, isIntegrated, pathsOf } from '../path-items.ts';
import type { StateMachineEvent } from '../state-machines/state-machine-event.ts';
import { type ApiOperation, addEventAuth } from './event-auth.ts';
import { swaggerDocument } from './swagger-document.ts';

/** @param machineId of the state machine, or of its alias */
export function addStateMachineOperation(event: StateMachineEvent, machineId: string): void {
  const { properties, expansion, blame, offset, logicalId, passedOn } = event;
  const apiId = stringOf(referredTo(get(properties, 'RestApiId'))) ?? '';
  const text = 'RestApiId property of Api event must reference a valid resource in the same template.';
  const resource = expectMap(get(expansion.resources, apiId), 'RestApiId', blame, text);
  const api = get(resource, 'Properties');
  const path = stringOf(get(properties, 'Path')) ?? '';
  const method = (stringOf(get(properties, 'Method')) ?? '').toLowerCase();
  if (!isMap(api) || !expansion.managed.has(apiId) || get(api, 'DefinitionBody') === undefined) return;
  const document: TreeMap = swaggerDocument(get(api, 'DefinitionBody'));
  if (isIntegrated(pathsOf(document), path, method)) {
    throw blame(`API method "${method}" defined multiple times for path "${path}".`);
  }
  const condition = passedOn.Condition;
  const uri = sub('arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution');
  const escaped = "$util.escapeJavaScript($input.json('$'))";
  const isUnescaped = isTruthy(get(properties, 'UnescapeMappingTemplate'));
  const input = isUnescaped ? `${escaped}.replaceAll("\\\\'","'")` : escaped;
  const template = sub(`{"input": "${input}", "stateMachineArn": "\${${machineId}}"}`);
  addIntegration(pathsOf(document), path, method, offset, condition, (operation, integration) => {
    set(integration, 'type', 'aws');
    set(integration, 'httpMethod', 'POST');
    set(integration, 'uri', condition === undefined ? uri : onlyIf(condition, uri));
    set(integration, 'responses', { '200': { statusCode: '200' }, '400': { statusCode: '400' } });
    set(integration, 'credentials', getAtt(`${logicalId}Role`, 'Arn'));
    set(integration, 'requestTemplates', { 'application/json': template });
    if (get(operation, 'responses') !== undefined) return;
    set(
      operation,
      'responses',
      madeMap(offset, { '200': { description: 'OK' }, '400': { description: 'Bad Request' } }),
    );
  });
  const operation: ApiOperation = { apiId, path, method, stage: stageOf(properties), offset, blame };
  const auth = get(properties, 'Auth');
  if (isTruthy(auth)) addEventAuth(operation, auth, api, document, expansion.parameters);
}

function stageOf(properties: TreeMap): string {
  return stringOf(get(properties, 'Stage')) ?? '';
}

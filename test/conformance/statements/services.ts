// What spec/http-api.md §3.7 states, one entry a statement. Ids: see ../statements.ts.
import type { Statements } from '../statements.ts';

export const serviceStatements: Statements = {
  '§3.7-1': 'a role, format 1.0 and the action’s own parameter names in their case',
  '§3.7 subtype: EventBridge-PutEvents': 'its parameters',
  '§3.7 subtype: SQS-SendMessage': 'its parameters',
  '§3.7 subtype: SQS-ReceiveMessage': 'its parameters',
  '§3.7 subtype: SQS-DeleteMessage': 'its parameters',
  '§3.7 subtype: SQS-PurgeQueue': 'its parameters',
  '§3.7 subtype: AppConfig-GetConfiguration': 'its parameters',
  '§3.7 subtype: Kinesis-PutRecord': 'its parameters',
  '§3.7 subtype: StepFunctions-StartExecution': 'its parameters',
  '§3.7 subtype: StepFunctions-StartSyncExecution': 'its parameters',
  '§3.7 subtype: StepFunctions-StopExecution': 'its parameters',
  '§3.7-2': 'the region is the API’s unless Region says another',
  '§3.7-3': 'values in the grammar of mappings, statics without quotes',
  '§3.7-4': 'Data of Kinesis is text, encoded by the gateway',
  '§3.7-5': 'numbers are parsed from text',
  '§3.7-6': 'structured parameters: objects, templates, lists',
  '§3.7-7': 'unbraced variables inside text, objects as JSON text',
  '§3.7-8': 'no httpMethod and uri in OpenAPI',
  '§3.7-9': 'a parameter without value: 400, and no call',
  '§3.7-10': 'the service’s own answer: XML of SQS, JSON of the others',
  '§3.7-11': 'ResponseParameters apply to the service’s status and headers',
  '§3.7-12': 'an error of the service is a 500, as is a role that may not',
};

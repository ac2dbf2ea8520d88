// All conformance rows.
import { accessLogCreationCases } from './access-logs.cases.ts';
import { addressingCases } from './addressing.cases.ts';
import { authorizationCreationCases } from './authorization.cases.ts';
import type { CallCase, CreationCase, UpdateCase } from './case.ts';
import { corsCases, corsCreationCases } from './cors.cases.ts';
import { domainCases } from './domains.cases.ts';
import { failureCases } from './failures.cases.ts';
import { integrationCreationCases } from './integration-creation.cases.ts';
import { lambdaEventV1Cases } from './lambda-event-v1.cases.ts';
import { lambdaEventV2Cases } from './lambda-event-v2.cases.ts';
import { lambdaCreationCases, lambdaFailureCases } from './lambda-failures.cases.ts';
import { lambdaMappingCases } from './lambda-mapping.cases.ts';
import { lambdaResponseCases } from './lambda-response.cases.ts';
import { mappingCreationCases } from './mapping-creation.cases.ts';
import { mappingUpdateCases } from './mapping-update.cases.ts';
import { pathAttackCases } from './path-attacks.cases.ts';
import { proxyRequestCases } from './proxy-request.cases.ts';
import { proxyResponseCases } from './proxy-response.cases.ts';
import { requestMappingCases } from './request-mapping.cases.ts';
import { requestRuleCases } from './request-rules.cases.ts';
import { responseMappingCases } from './response-mapping.cases.ts';
import { routeCases, routeCreationCases } from './routes.cases.ts';
import { stageCases, stageCreationCases } from './stages.cases.ts';
import { throttlingCases, throttlingCreationCases } from './throttling.cases.ts';

export const callCases: readonly CallCase[] = [
  ...addressingCases,
  ...domainCases,
  ...routeCases,
  ...proxyRequestCases,
  ...proxyResponseCases,
  ...failureCases,
  ...lambdaEventV2Cases,
  ...lambdaEventV1Cases,
  ...lambdaResponseCases,
  ...lambdaFailureCases,
  ...lambdaMappingCases,
  ...requestMappingCases,
  ...requestRuleCases,
  ...pathAttackCases,
  ...responseMappingCases,
  ...corsCases,
  ...stageCases,
  ...throttlingCases,
];

export const creationCases: readonly CreationCase[] = [
  ...routeCreationCases,
  ...integrationCreationCases,
  ...lambdaCreationCases,
  ...mappingCreationCases,
  ...corsCreationCases,
  ...stageCreationCases,
  ...throttlingCreationCases,
  ...accessLogCreationCases,
  ...authorizationCreationCases,
];

export const updateCases: readonly UpdateCase[] = mappingUpdateCases;

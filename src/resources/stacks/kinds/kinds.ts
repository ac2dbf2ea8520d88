// The kinds of resources that Postern has, by the types of templates (spec/definitions.md §5, §6.2).

import { authorizers } from '../../authorizer/authorizer.ts';
import { apiMappings } from '../../domain/api-mapping.ts';
import { routingRuleArn, routingRules } from '../../domain/routing-rule.ts';
import { integrations } from '../../integration/integration.ts';
import { integrationResponses } from '../../integration/integration-response.ts';
import { models } from '../../model/model.ts';
import { routes } from '../../route/route.ts';
import { routeResponses } from '../../route/route-response.ts';
import { vpcLinks } from '../../vpc-link/vpc-link.ts';
import type { StackKind } from '../stack-kind.ts';
import { apiKind } from './api-kind.ts';
import { deploymentKind } from './deployment-kind.ts';
import { domainNameKind } from './domain-name-kind.ts';
import { functionKind } from './function-kind.ts';
import { managedOverridesKind } from './managed-overrides-kind.ts';
import { portalProductKind } from './portal-product-kind.ts';
import { resourceKind } from './resource-kind.ts';
import { restVpcLinkKind } from './rest-vpc-link-kind.ts';
import { stageKind } from './stage-kind.ts';

const KINDS: readonly StackKind[] = [
  apiKind,
  managedOverridesKind,
  deploymentKind,
  domainNameKind,
  portalProductKind,
  restVpcLinkKind,
  functionKind,
  stageKind,
  resourceKind('AWS::ApiGatewayV2::ApiMapping', apiMappings, { idMember: 'ApiMappingId', own: [] }),
  resourceKind('AWS::ApiGatewayV2::Authorizer', authorizers, { idMember: 'AuthorizerId', own: [] }),
  resourceKind('AWS::ApiGatewayV2::Integration', integrations, { idMember: 'IntegrationId', own: [] }),
  resourceKind('AWS::ApiGatewayV2::IntegrationResponse', integrationResponses, {
    idMember: 'IntegrationResponseId',
    own: [],
  }),
  resourceKind('AWS::ApiGatewayV2::Model', models, { idMember: 'ModelId', own: [] }),
  resourceKind('AWS::ApiGatewayV2::Route', routes, { idMember: 'RouteId', own: [] }),
  resourceKind('AWS::ApiGatewayV2::RouteResponse', routeResponses, {
    idMember: 'RouteResponseId',
    own: [],
  }),
  resourceKind('AWS::ApiGatewayV2::RoutingRule', routingRules, {
    idMember: 'RoutingRuleId',
    given: ({ DomainNameArn, ...members }) => ({ ...members, DomainName: domainIn(String(DomainNameArn)) }),
    ref: ({ RoutingRuleId }, { DomainName }, context) =>
      routingRuleArn(String(DomainName), RoutingRuleId, context),
    attributes: ({ RoutingRuleId }, { DomainName }, context) => ({
      RoutingRuleArn: routingRuleArn(String(DomainName), RoutingRuleId, context),
    }),
    idOf: ({ attributes }) => attributes.RoutingRuleId!,
    own: [],
  }),
  resourceKind('AWS::ApiGatewayV2::VpcLink', vpcLinks, {
    idMember: 'VpcLinkId',
    isTagged: true,
    own: ['CreatedDate'],
  }),
];

const BY_TYPE: ReadonlyMap<string, StackKind> = new Map(KINDS.map((kind) => [kind.type, kind]));

/** Undefined for a type that Postern does not have. */
export function kindOf(type: string): StackKind | undefined {
  return BY_TYPE.get(type);
}

/** The domain of an ARN: what stands behind `/domainnames/`. */
function domainIn(arn: string): string {
  const [, name = ''] = arn.split('/domainnames/');
  return name;
}

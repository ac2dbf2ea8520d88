// AWS::ApiGatewayV2::PortalProduct (spec/definitions.md §5.16): an error as long as its operations are not there.
import { schemaOf } from '../../../definitions/schema/schemas.ts';
import { notImplemented } from '../../../wire/errors.ts';
import { notYet } from '../../not-yet.ts';
import type { StackKind } from '../stack-kind.ts';

const TYPE = 'AWS::ApiGatewayV2::PortalProduct';

const refuse = async (): Promise<never> => {
  throw notImplemented('CreatePortalProduct', notYet.CreatePortalProduct);
};

export const portalProductKind: StackKind = {
  type: TYPE,
  replacing: schemaOf(TYPE)!.replacing,
  create: refuse,
  update: refuse,
  delete: refuse,
};

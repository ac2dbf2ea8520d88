// Names of types that more than one file asks for.

/** What the types of this API begin with. */
export const V2 = 'AWS::ApiGatewayV2::';
export const API = `${V2}Api`;
export const DEPLOYMENT = `${V2}Deployment`;
export const ROUTE = `${V2}Route`;
export const STAGE = `${V2}Stage`;
export const REST_VPC_LINK = 'AWS::ApiGateway::VpcLink';
export const FUNCTION = 'AWS::Lambda::Function';
/** A nested stack. */
export const STACK = 'AWS::CloudFormation::Stack';

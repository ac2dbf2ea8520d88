// `assumeRoles: true` has CredentialsArn of integrations assumed through AWS STS; `false` has the SDK's own credentials
// used for all (decision 0015). Not said: roles are assumed when AWS_ENDPOINT_URL_STS names an STS.
import { boolean, section } from '../shape.ts';

export const assumeRoles = section<boolean | undefined>(
  'Whether roles that integrations name in CredentialsArn are assumed through AWS STS; not said, they are where AWS_ENDPOINT_URL_STS is set.',
  boolean,
  undefined,
);

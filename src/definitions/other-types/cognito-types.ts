// User pools and their clients, whose tokens somebody issues (spec/definitions.md §6.3).
import { NONE, NOT_KNOWN, type OtherTypes, REF } from './other-type.ts';
import type { Subject } from './subject.ts';

/** Of a pool's id, which settings may give for one of another region: `eu-west-1_AbCdEfGhI`. */
function poolRegion(ref: string): string {
  return ref.slice(0, ref.indexOf('_'));
}

const providerName = (of: Subject, ref: string): string =>
  `cognito-idp.${poolRegion(ref)}.${of.suffix}/${ref}`;

export const COGNITO_TYPES: OtherTypes = {
  'AWS::Cognito::UserPool': {
    ref: (of) => `${of.region}_${of.hash(9)}`,
    attributes: {
      UserPoolId: REF,
      Arn: (of, ref) => of.arn('cognito-idp', `userpool/${ref}`, { region: poolRegion(ref) }),
      ProviderName: providerName,
      ProviderURL: (of, ref) => `https://${providerName(of, ref)}`,
    },
    effect: { kind: 'named' },
  },
  'AWS::Cognito::UserPoolClient': {
    ref: (of) => of.hash(26),
    attributes: {
      ClientId: REF,
      Name: (of) => of.name('ClientName', 128),
      ClientSecret: NOT_KNOWN,
    },
    effect: { kind: 'named' },
  },
  'AWS::Cognito::UserPoolDomain': {
    ref: (of) => of.name('Domain', 63),
    attributes: { CloudFrontDistribution: NOT_KNOWN },
    effect: NONE,
  },
  'AWS::Cognito::UserPoolResourceServer': {
    ref: (of) => of.name('Identifier', 256),
    attributes: {},
    effect: NONE,
  },
};

// Who decided whether the caller may, what it asks for, and what it said.
import { unreachable } from '../../../src/defect.ts';
import type { Trace } from '../../../src/http-api/explain/trace.ts';
import { Facts } from './facts.tsx';

type Authorization = NonNullable<Trace['authorization']>;

export function AuthorizerStep({ of: { type, result, authorizer } }: { readonly of: Authorization }) {
  return (
    <Facts
      facts={[['Result', result], ['Type', type], ...(authorizer === undefined ? [] : factsOf(authorizer))]}
    />
  );
}

function factsOf(story: NonNullable<Authorization['authorizer']>): readonly (readonly [string, string])[] {
  switch (story.kind) {
    case 'jwt':
      return [
        ['Authorizer', story.name],
        ['Issuer', story.issuer],
        ['Audience', story.audience.join(', ')],
        ['Token from', story.identitySource],
        ['Needs a scope of', story.scopes.join(', ') || 'any'],
      ];
    case 'lambda':
      return [
        ['Authorizer', story.name],
        ['Function', story.functionArn],
        ['Format', story.payloadFormatVersion],
        ['Identity from', story.identitySources.join(', ') || 'nothing'],
        ['Answers are kept for', `${story.ttlInSeconds} s`],
        ['Answers', story.simpleResponses ? 'simple' : 'policies'],
      ];
    case 'iam':
      return [
        ['Action', story.action],
        ['Resource', story.resource],
      ];
    case 'denying':
      return [['Lets nobody in', story.problem]];
    default:
      return unreachable(story);
  }
}

// What settings and environment say of the world around stacks (spec/definitions.md §6.2, §6.3, §7.1.2): whether what a definition leads
// to is anywhere.
import type { AwsReach } from '../backends/aws/reach.ts';
import type { FunctionArn } from '../grammar/arn.ts';
import { printFunctionArn } from '../grammar/function-name.ts';
import { settingsOf } from '../identity/jwt/settings.ts';
import type { StackSurroundings } from '../resources/stacks/functions/stack-findings.ts';
import type { Sections } from '../settings/sections.ts';

type Environment = { readonly [name: string]: string | undefined };

export function stackSurroundings(
  { functions, jwt, lambda, privateTargets }: Sections,
  reach: AwsReach,
  environment: Environment,
): StackSurroundings {
  const names = new Set(functions.map(({ key }) => key));
  const { AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_ENDPOINT_URL } = environment;
  return {
    namesPrivateTarget: (arn) => privateTargets.some((each) => each.arn.split('?')[0] === arn),
    serves: (service) => reach.refusal(service) === undefined,
    namesIssuer: (issuer) => settingsOf(issuer, jwt) !== undefined,
    answers(arn) {
      const keys = keysOf(arn);
      if (keys.some((key) => names.has(key))) return 'functions';
      const isCalled =
        lambda.endpoint !== undefined ||
        lambda.atAws === true ||
        keys.some((key) => lambda.functionEndpoints.has(key)) ||
        reach.refusal('lambda') === undefined;
      return isCalled ? 'lambda' : undefined;
    },
    reachesAws: Boolean(AWS_ACCESS_KEY_ID || AWS_PROFILE) && !AWS_ENDPOINT_URL,
  };
}

function keysOf(arn: FunctionArn): readonly string[] {
  return [printFunctionArn({ ...arn, qualifier: undefined }), arn.name];
}

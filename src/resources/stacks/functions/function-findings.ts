// What the report says of functions (spec/definitions.md §7): whose code is not here, what of them has no effect, what AWS would refuse.

import type { Finding, Severity } from '../../../definitions/finding.ts';
import type { NotKnown } from '../../../definitions/scope.ts';
import { FUNCTION } from '../../../definitions/type-names.ts';
import type { LocatedCode } from '../../../functions/code/code-source.ts';
import { notKnown } from '../apply/evaluated-properties.ts';
import { listedNames } from './function-calls.ts';

/** A function of a stack, for what is said of it. */
export interface SaidFunction {
  /** With those of the stacks that it is in. */
  readonly logicalId: string;
  readonly name: string;
  readonly offset: number;
  readonly isReached: boolean;
  readonly located: LocatedCode;
  /** Who answers instead of its code, or for one without (§7.1.2). */
  readonly answeredBy: 'stacks' | 'functions' | 'lambda' | undefined;
  /** Routes and authorizers that call it. */
  readonly callers: readonly string[];
  /** Those of them that nothing permits to call it on AWS. */
  readonly notPermitted: readonly string[];
  /** Variables that are not set. */
  readonly unknown: readonly {
    readonly name: string | undefined;
    readonly offset: number;
    readonly why: NotKnown;
  }[];
  readonly layers: readonly string[];
  readonly isThrottled: boolean;
  /** Names of properties. */
  readonly withoutEffect: readonly string[];
  /** What would send it events elsewhere: `Rule (AWS::Events::Rule)`. */
  readonly eventSources: readonly string[];
}

/** `stackName` is the one that postern.yaml says things of. */
export function functionFindings(functions: readonly SaidFunction[], stackName: string): readonly Finding[] {
  return [
    ...functions.flatMap((each) => findingsOf(each, stackName)),
    ...namesTwice(functions, stackName),
    ...together(
      functions,
      ({ withoutEffect }) => withoutEffect,
      (property) => `${property} of functions has no effect here`,
    ),
    ...together(
      functions,
      ({ located }) => (located.code === undefined ? [] : located.notes),
      (note) => note,
    ),
  ];
}

function findingsOf(of: SaidFunction, stackName: string): readonly Finding[] {
  const { logicalId, offset, isReached } = of;
  const say = (severity: Severity, text: string, at = offset): Finding => ({
    severity,
    text,
    logicalId,
    type: FUNCTION,
    offset: at,
  });
  const severity = isReached ? 'warning' : 'note';
  const findings: Finding[] = [];
  const missing = missingCode(of, stackName);
  if (missing !== undefined) findings.push(say(missing.severity, missing.text));
  if (of.answeredBy === 'functions') {
    findings.push(
      say(
        'note',
        `${logicalId}: functions of postern.yaml answers for ${of.name}, and the template’s code is not used`,
      ),
    );
  }
  for (const { name, offset: at, why } of of.unknown) {
    const what = name === undefined ? 'its variables are not set' : `the variable ${name} is not set`;
    findings.push(say(severity, `${logicalId}: ${what}: it needs ${notKnown(why, stackName)}`, at));
  }
  findings.push(...layerFindings(of, say));
  if (of.isThrottled) {
    findings.push(
      say(
        severity,
        `${logicalId}: ReservedConcurrentExecutions is 0, so on AWS every call would be throttled; it is not applied here`,
      ),
    );
  }
  if (of.notPermitted.length > 0) {
    findings.push(
      say(
        'note',
        `on AWS ${listedNames(of.notPermitted)} would answer 500: nothing permits API Gateway to call ${logicalId}`,
      ),
    );
  }
  if (of.eventSources.length > 0) {
    findings.push(
      say('note', `${logicalId}: nothing here sends it the events of ${listedNames(of.eventSources)}`),
    );
  }
  return findings;
}

/** Undefined where somebody answers. */
function missingCode(
  { logicalId, located, answeredBy, isReached, callers }: SaidFunction,
  stackName: string,
): { readonly severity: Severity; readonly text: string } | undefined {
  if (located.code !== undefined || answeredBy === 'stacks' || answeredBy === 'functions') return undefined;
  const { missing, reason } = located;
  const text = `${logicalId}: ${reason}`;
  if (missing === 'wrong') return { severity: isReached ? 'error' : 'note', text };
  if (answeredBy === 'lambda') return undefined;
  const severity = isReached ? 'warning' : 'note';
  if (missing === 'unbuilt')
    return { severity, text: `Build first: sam build, then postern deploy. ${text}` };
  const calls = callers.length === 0 ? 'Calls of it fail' : `${listedNames(callers)} will answer 500`;
  return {
    severity,
    text: `${text}. ${calls} until stacks.${stackName}.functions.${logicalId} of postern.yaml names code that answers, or lambda.functions an endpoint.`,
  };
}

function layerFindings(
  { logicalId, layers, located, isReached }: SaidFunction,
  say: (severity: Severity, text: string) => Finding,
): readonly Finding[] {
  if (!isReached || located.code === undefined || layers.length === 0) return [];
  const { variable, directories } = located.layers;
  const used = layers.filter((name) => Object.hasOwn(directories, name));
  const left = layers.filter((name) => !Object.hasOwn(directories, name));
  return [
    ...(left.length === 0
      ? []
      : [say('warning', `${logicalId}: layers are not mounted at /opt here: ${listedNames(left)}`)]),
    ...(used.length === 0
      ? []
      : [
          say(
            'note',
            `${logicalId}: packages of ${listedNames(used)} are on ${variable}, and nothing else of these layers is here`,
          ),
        ]),
  ];
}

function namesTwice(functions: readonly SaidFunction[], stackName: string): readonly Finding[] {
  const names = new Set<string>();
  return functions.flatMap(({ name, logicalId, offset }): readonly Finding[] => {
    if (!names.has(name)) {
      names.add(name);
      return [];
    }
    return [
      {
        severity: 'error',
        text: `${name} already exists in stack ${stackName}`,
        logicalId,
        type: FUNCTION,
        offset,
      },
    ];
  });
}

/** One note for what is the same of several. */
function together(
  functions: readonly SaidFunction[],
  whats: (of: SaidFunction) => readonly string[],
  text: (what: string) => string,
): readonly Finding[] {
  const ids = new Map<string, string[]>();
  for (const each of functions) {
    for (const what of whats(each)) ids.set(what, [...(ids.get(what) ?? []), each.logicalId]);
  }
  return Array.from(ids, ([what, of]) => ({
    severity: 'note',
    text: `${text(what)}: ${listedNames(of)}`,
    type: FUNCTION,
  }));
}

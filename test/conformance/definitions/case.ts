// A row of spec/definitions.md §14: what a template has, and what comes of it.
import type { DeployReport } from '../../../src/definitions/deploy-answer.ts';
import type { DefinitionStand } from './stand.ts';

/** Resources as the specification writes them: `R: Route {ApiId: !Ref Api, RouteKey: 'GET /p'}`, or as YAML. */
export type Resources = readonly string[];

type Members = { readonly [member: string]: unknown };

/** A template, and what is deployed beside it. */
export interface Deployed {
  readonly resources: Resources;
  /** Other sections of the template, as YAML. */
  readonly sections?: string;
  /** Whether the template has the Api, function and integration of all rows (§14); those that `resources` has itself it has not. */
  readonly isAlone?: true;
  readonly parameters?: { readonly [name: string]: string };
  readonly stackName?: string;
}

export interface Expected {
  /** In their order: `+ Api`, `~ R RouteKey`, `-/+ S StageName`, `- R`, `= R`. Not looked at when absent. */
  readonly changes?: readonly string[];
  /** Members of what GetX says of resources, by logical id, with logical ids in place of ids. Undefined: not there. */
  readonly made?: { readonly [logicalId: string]: Members };
  /** The text of a refusal, without the part in front of the service's own. */
  readonly refused?: string;
  /** Where it is refused: the resource. */
  readonly refusedAt?: string;
  /** What findings have among them: `warning …`. */
  readonly findings?: readonly RegExp[];
  /** What they have not. */
  readonly without?: readonly RegExp[];
  readonly outcome?: DeployReport['outcome'];
  /** What else there is to see. */
  readonly sees?: (stand: DefinitionStand, report: DeployReport) => Promise<void>;
}

export interface CreateCase extends Deployed, Expected {
  readonly row: number;
  readonly name: string;
}

export interface UpdateCase extends Deployed {
  readonly row: number;
  readonly name: string;
  /** Between the deploys. */
  readonly meanwhile?: (stand: DefinitionStand) => Promise<void>;
  /** The second deploy: the same but for this. */
  readonly second: Partial<Deployed> & Expected;
}

/** §14.3: all that a template may have, and what its output `O` is. */
export interface TemplateCase extends Omit<Deployed, 'resources'>, Expected {
  /** Undefined for those of §14.3 without a number. */
  readonly row?: number;
  readonly name: string;
  readonly resources?: Resources;
  readonly value?: string;
}

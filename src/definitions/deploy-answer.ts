// What a server answers to a DeployRequest (spec/definitions.md §1.5, §11.4).
import type { Severity } from './finding.ts';

export type DeployAnswer =
  /** Files that the definition names: to be asked again with them. Absolute paths. */
  { readonly outcome: 'needs'; readonly files: readonly string[] } | DeployReport;

export interface DeployReport {
  /** `planned` of a dry run; `refused` has changed nothing. */
  readonly outcome: 'deployed' | 'unchanged' | 'planned' | 'refused';
  readonly stack: {
    readonly name: string;
    readonly id: string;
    readonly account: string;
    readonly region: string;
    readonly source: string;
    readonly isNew: boolean;
  };
  /** In the order in which they were made; those of nested stacks have `Parent.Child` as logical ids. */
  readonly changes: readonly Change[];
  /** Resources that stayed as they were. */
  readonly unchanged: number;
  readonly functions: readonly DeployedFunction[];
  /** By name; `here` where the address is another on this machine (§1.6.2). A value that is not known has none but a reason. */
  readonly outputs: { readonly [name: string]: OutputValue };
  readonly endpoints: readonly Endpoint[];
  readonly findings: readonly PlacedFinding[];
  /** AWS's one text for what was refused. */
  readonly message?: string;
}

export interface Change {
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'retain';
  readonly logicalId: string;
  readonly type: string;
  /** Undefined of what would be made, in a plan. */
  readonly physicalId?: string;
  readonly members: readonly MemberChange[];
  /** Somebody changed it since the last deploy (§11.4.5). */
  readonly changedOutside?: boolean;
}

export interface MemberChange {
  /** As the template writes it: `Target`, `CorsConfiguration.MaxAge`. */
  readonly name: string;
  /** As JSON data; absent where there was or is none, and of what is secret. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** Whether it is what makes a replacement necessary. */
  readonly replaces?: boolean;
}

export interface DeployedFunction {
  readonly logicalId: string;
  readonly name: string;
  /** Absolute: file or directory; undefined where nobody here answers. */
  readonly code?: string;
}

export interface OutputValue {
  readonly value?: string;
  readonly here?: string;
  readonly reason?: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface Endpoint {
  readonly logicalId: string;
  readonly apiId: string;
  readonly protocolType: 'HTTP' | 'WEBSOCKET';
  readonly stage: string;
  /** Of the stage: `http://a1b2c3d4e5.execute-api.localhost:4700/prod`. */
  readonly url: string;
  readonly routes: readonly { readonly key: string; readonly target: string }[];
}

export interface PlacedFinding {
  readonly severity: Severity;
  readonly text: string;
  readonly logicalId?: string;
  readonly type?: string;
  readonly path?: string;
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
}

// What a SOURCE turned out to be (spec/definitions.md §1.1): stacks, whose texts are read when they are wanted.
import type { Asset, SourceText } from '../definitions/deploy-request.ts';

export interface Source {
  readonly kind: 'template' | 'openapi' | 'assembly' | 'package';
  /** For people: `template.yaml`, `cdk.out`. */
  readonly name: string;
  /** At least one. */
  readonly stacks: readonly SourceStack[];
}

export interface SourceStack {
  /** What other stacks of an assembly call it in `dependencies`, and people by wildcards. */
  readonly id: string;
  readonly displayName: string;
  /** Where the source says none itself: made of its directory (§1.1.2). */
  readonly stackName: string;
  /** Absolute: where samconfig.toml may be; undefined of sources that say all themselves. */
  readonly project?: string;
  /** Ids of other stacks of the source. */
  readonly dependencies: readonly string[];
  /** Where it belongs; undefined where the source leaves it open (§9.2). */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly terminationProtection: boolean;
  /** Throws SourceError. */
  read(): Promise<SourceContent>;
}

export interface SourceContent {
  readonly template: SourceText;
  /** Absolute; where local paths of the template start. */
  readonly directory: string;
  readonly assets: { readonly [key: string]: Asset };
  /** Values of parameters that the source itself gives. */
  readonly parameters: { readonly [name: string]: string };
  readonly tags: { readonly [key: string]: string };
  /** Texts that are known to be needed, by their absolute paths. */
  readonly files: { readonly [path: string]: SourceText };
}

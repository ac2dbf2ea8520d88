// A resource that Postern does not make, as the rows of the table see it: its properties, its name, and the forms that ids have.
import { printArn } from '../../grammar/arn.ts';
import { type Node, textOf } from '../../tree/node.ts';
import { hashOf, hexOf, type Named, physicalName, uuidOf } from './names.ts';

/** What a stack says of one of its resources. */
export interface OtherResource extends Named {
  readonly type: string;
  readonly partition: string;
  /** `amazonaws.com` */
  readonly urlSuffix: string;
  /** A property, evaluated; undefined where the template has none. Throws NotKnown, TemplateError. */
  evaluated(property: string): Node | undefined;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export class Subject {
  readonly resource: OtherResource;

  constructor(resource: OtherResource) {
    this.resource = resource;
  }

  get region(): string {
    return this.resource.region;
  }

  get account(): string {
    return this.resource.account;
  }

  get suffix(): string {
    return this.resource.urlSuffix;
  }

  text(property: string): string | undefined {
    return textOf(this.resource.evaluated(property));
  }

  /** The name that the template gives, else one of at most `limit` characters. */
  name(property: string, limit: number): string {
    return this.text(property) ?? this.physicalName(limit);
  }

  physicalName(limit: number): string {
    return physicalName(this.resource, limit);
  }

  hash(length: number): string {
    return hashOf(this.resource, length);
  }

  /** `of` tells apart several of one resource. */
  hex(length: number, of?: string): string {
    return hexOf(this.resource, length, of);
  }

  /** Letters of both cases, as the end of a secret's ARN has them. */
  letters(length: number): string {
    return Array.from(
      { length },
      (_, i) => LETTERS[Number.parseInt(this.hex(length * 2).slice(i * 2, i * 2 + 2), 16) % LETTERS.length],
    ).join('');
  }

  get uuid(): string {
    return uuidOf(this.resource);
  }

  /** Of the stack's account and region, unless another place is given. */
  arn(
    service: string,
    resource: string,
    { region = this.region, account = this.account }: { region?: string; account?: string } = {},
  ): string {
    return printArn({ partition: this.resource.partition, service, region, account, resource });
  }

  /** Of a function that a property names by its name or any form of its ARN; without qualifier. */
  functionArn(property: string): string {
    const given = this.text(property) ?? '';
    if (given.startsWith('arn:')) return given.split(':').slice(0, 7).join(':');
    const parts = given.split(':');
    // `123456789012:function:name`, `name`, either perhaps with a qualifier.
    const name = parts[1] === 'function' ? parts[2]! : parts[0]!;
    return this.arn('lambda', `function:${name}`);
  }
}

// What the rules of resources work with: a transaction, who is calling, and the time (spec/management-api.md §1.13).
import type { ReadTransaction, Transaction } from '../store/store.ts';
import type { Input, OperationName, Output, ReadOperationName } from '../wire/operation.ts';
import type { Outside, Preparation } from './outside.ts';

export interface Context<Tx extends ReadTransaction = Transaction> {
  readonly tx: Tx;
  readonly account: string;
  readonly region: string;
  /** Whether ARNs of other accounts name what is not the caller's to use: where credentials say who is of which. */
  readonly accountsApart?: boolean;
  readonly now: Date;
  /** The ApiEndpoint of an API. */
  endpoint(apiId: string, protocolType: string): string;
  /** Answers at once what the operation has asked before its transaction (`Rules.prepare`). Nobody answers when absent. */
  readonly outside?: Outside;
  /** Whether the operator lets authorizers name this issuer over http (§2.6.2); where nobody says, this machine's own
   *  issuers alone may be. */
  readonly allowsHttpIssuer?: ((issuer: string) => boolean) | undefined;
  /** Whether a certificate is for a domain name; undefined for a certificate that is not known here. */
  readonly certificateCovers?: ((arn: string, domainName: string) => boolean | undefined) | undefined;
}

export type ReadContext = Context<ReadTransaction>;

/** The rules of one operation. */
export interface Handler<N extends OperationName, Prepared = void> {
  /** Operations of GET get a transaction that reads. */
  (
    input: Input<N>,
    context: N extends ReadOperationName ? ReadContext : Context,
    prepared: Prepared,
  ): Promise<Output<N>>;
  /** Runs before the transaction begins: asks the outside what the rules are going to ask it inside, and does once what is too
   *  long for a transaction; the rules get what it returns. Throws ServiceErrors only where nothing inside goes before them. */
  readonly prepare?: (input: Input<N>, preparation: Preparation) => Promise<Prepared>;
}

/** Whether what an ARN of the account names is not the caller's to use. */
export function isForeign(arnAccount: string, { account, accountsApart = false }: ReadContext): boolean {
  return accountsApart && arnAccount !== '' && arnAccount !== account;
}

/** The moment of the request as documents hold it: an ISO string with whole seconds (spec/management-api.md §1.7). */
export function timestamp(context: ReadContext): string {
  return `${context.now.toISOString().slice(0, 19)}Z`;
}

// Who uses the console: nobody in particular where anybody may call, else who has logged in. Keys are in this tab's memory alone.
import type { Me } from '../../../src/management/postern/me-route.ts';
import { Followed } from '../parts/followed.ts';
import { useFollowed } from '../parts/use-followed.ts';
import type { CallError } from './call-error.ts';
import { call, onRefusal } from './client.ts';
import { setKeys } from './keys.ts';
import type { Keys } from './sign.ts';

export type Session =
  | { readonly kind: 'asking' }
  /** The server wants signatures. `refused` is why the last attempt did not do. */
  | { readonly kind: 'login'; readonly refused?: string | undefined }
  | { readonly kind: 'in'; readonly me: Me; readonly keys?: Keys | undefined }
  /** The server does not answer, or refuses for good. */
  | { readonly kind: 'failed'; readonly why: string };

const session = new Followed<Session>({ kind: 'asking' });

export function useSession(): Session {
  return useFollowed(session);
}

/** Who looks. Only views ask, and there are none before somebody is in. */
export function useMe(): Me {
  const current = useSession();
  if (current.kind !== 'in') throw new Error('Nobody is logged in.');
  return current.me;
}

/** Why nothing can be changed here; undefined where it can. */
export function useReadOnly(): string | undefined {
  const { canWrite, name } = useMe();
  return canWrite ? undefined : `The policies of ${name ?? 'this identity'} do not let it change anything.`;
}

const MISSING = 'MissingAuthenticationTokenException';
/** Of errors that say that a signature does not do (any more). */
const SIGNATURE_ERRORS = new Set([
  MISSING,
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
]);

/** Asks the server who calls, with the keys or without any. */
export async function enter(keys?: Keys): Promise<void> {
  setKeys(keys);
  try {
    session.set({ kind: 'in', me: await call<Me>('GET', '/_postern/me'), keys });
  } catch (error) {
    setKeys(undefined);
    const { code, message } = error as CallError;
    if (code === MISSING) session.set({ kind: 'login' });
    else if (keys !== undefined)
      session.set({ kind: 'login', refused: message + clockNote(error as CallError) });
    else session.set({ kind: 'failed', why: message });
  }
}

/** Signatures hold for five minutes. */
const MOST_SKEW_MILLIS = 300_000;

/** Why a signature may not have done: what the server's sentence says by two dates. */
function clockNote({ code, at }: CallError): string {
  if (code !== 'InvalidSignatureException' || at === undefined) return '';
  const minutes = Math.round((Date.now() - at) / 60_000);
  if (Math.abs(minutes) * 60_000 < MOST_SKEW_MILLIS) return '';
  const how = minutes > 0 ? 'ahead of' : 'behind';
  return ` The clock of this machine is ${Math.abs(minutes)} minutes ${how} the server's: set it right, and log in again.`;
}

/** Forgets the keys, and with the page whatever was derived from them or seen with them. */
export function leave(): void {
  window.location.reload();
}

/** Who is in with keys that do not do any more has to log in again. */
onRefusal(({ code, message }) => {
  if (session.current().kind !== 'in' || !SIGNATURE_ERRORS.has(code)) return;
  setKeys(undefined);
  session.set({ kind: 'login', refused: code === MISSING ? undefined : message });
});

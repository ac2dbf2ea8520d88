// Hosts that are this machine by their spelling, whatever a name server says (RFC 6761 §6.3, RFC 1122 §3.2.1.3).

const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]+)?$/i;

/** Whether a host, perhaps with a port, is `localhost`, a name below it, in 127.0.0.0/8, or `[::1]`. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}

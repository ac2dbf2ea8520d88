// Variables that begin with POSTERN_ and are not ours, and those that still are mistakes (docs/reference/settings.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInjected } from './injected-variables.ts';

const ROWS: readonly (readonly [name: string, value: string, injected: boolean])[] = [
  // What the kubelet injects for a Service `postern` with a named port, and for `postern-management`.
  ['POSTERN_SERVICE_HOST', '10.96.0.17', true],
  ['POSTERN_SERVICE_PORT', '4700', true],
  ['POSTERN_SERVICE_PORT_HTTP', '4700', true],
  ['POSTERN_SERVICE_PORT_GRPC_WEB', '4701', true],
  ['POSTERN_PORT', 'tcp://10.96.0.17:4700', true],
  ['POSTERN_PORT', 'udp://10.96.0.17:53', true],
  ['POSTERN_PORT', 'sctp://[fd00::1]:9', true],
  ['POSTERN_PORT_4700_TCP', 'tcp://10.96.0.17:4700', true],
  ['POSTERN_PORT_4700_TCP_PROTO', 'tcp', true],
  ['POSTERN_PORT_4700_TCP_PORT', '4700', true],
  ['POSTERN_PORT_4700_TCP_ADDR', '10.96.0.17', true],
  ['POSTERN_PORT_53_UDP', 'udp://10.96.0.17:53', true],
  ['POSTERN_PORT_53_UDP_ADDR', '10.96.0.17', true],
  ['POSTERN_PORT_9_SCTP_PORT', '9', true],
  ['POSTERN_MANAGEMENT_SERVICE_HOST', '10.96.0.18', true],
  ['POSTERN_MANAGEMENT_SERVICE_PORT_ADMIN', '4701', true],
  ['POSTERN_MANAGEMENT_PORT', 'tcp://10.96.0.18:4701', true],
  ['POSTERN_MANAGEMENT_PORT_4701_TCP_ADDR', '10.96.0.18', true],
  // A container that Docker links under the alias `postern`.
  ['POSTERN_NAME', '/web/postern', true],
  ['POSTERN_ENV_NODE_VERSION', '20.19.0', true],
  ['POSTERN_PORT_4700_TCP_START', 'tcp://172.17.0.2:4700', true],
  ['POSTERN_PORT_4700_TCP_PORT_END', '4702', true],
  // Mistakes.
  ['POSTERN_PORT', '4700', false],
  ['POSTERN_PORT', '', false],
  ['POSTERN_PORT', 'http://127.0.0.1:4700', false],
  ['POSTERN_MANAGEMENT_PORT', '127.0.0.1:4701', false],
  ['POSTERN_NAME', 'pets', false],
  ['POSTERN_HOST', '10.96.0.17', false],
  ['POSTERN_LISTN', '127.0.0.1:1', false],
  ['POSTERN_PORT_HTTP_TCP', 'tcp://10.96.0.17:4700', false],
  ['POSTERN_PORT_4700_QUIC', 'quic://10.96.0.17:4700', false],
  ['POSTERN_SERVICE', 'x', false],
];

for (const [name, value, injected] of ROWS) {
  test(`${name}=${value} is ${injected ? 'somebody else’s' : 'an unknown setting'}`, () => {
    assert.equal(isInjected(name, value), injected);
  });
}

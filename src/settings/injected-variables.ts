// Variables that others put into the environment of a program and that look like settings of ours: Kubernetes describes each
// Service of a namespace to its containers, Docker each linked container, and a Service named `postern` or `postern-…`
// gives them names that begin with POSTERN_ (docs/reference/settings.md).

/** Kubernetes: `postern-management` becomes POSTERN_MANAGEMENT_SERVICE_HOST, _SERVICE_PORT and _SERVICE_PORT_{port name}. */
const SERVICE = /^[A-Z0-9_]+_SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)$/;
/** Both: POSTERN_PORT_4700_TCP with _PROTO, _PORT and _ADDR. Docker says START and END for a range of ports. */
const PORT_OF_SERVICE =
  /^[A-Z0-9_]+_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|ADDR|PORT(?:_START|_END)?|START|END))?$/;
/** Both: POSTERN_PORT=tcp://10.0.0.1:4700. */
const PORT = /^[A-Z0-9_]+_PORT$/;
const URL_OF_PORT = /^(?:tcp|udp|sctp):\/\//;
/** Docker: POSTERN_NAME=/web/postern, and POSTERN_ENV_{variable of the linked container}. */
const NAME = /^[A-Z0-9_]+_NAME$/;
const NAME_OF_LINK = /^\/[^/]+\/[^/]+$/;
const ENVIRONMENT_OF_LINK = /^[A-Z0-9_]+_ENV_/;

/** Whether a variable is one that Kubernetes or Docker injects. Those whose name alone could be meant for us are told by
 *  their value too. */
export function isInjected(name: string, value: string): boolean {
  return (
    SERVICE.test(name) ||
    PORT_OF_SERVICE.test(name) ||
    (PORT.test(name) && URL_OF_PORT.test(value)) ||
    (NAME.test(name) && NAME_OF_LINK.test(value)) ||
    ENVIRONMENT_OF_LINK.test(name)
  );
}

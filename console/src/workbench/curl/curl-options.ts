// The options of curl that stand on a command line (curl's manual, "options"): what each does to a request.

/** What an option with this name is; `argument` says that a word follows. */
export interface CurlOption {
  readonly does: CurlEffect;
  readonly argument: boolean;
}

export type CurlEffect =
  | 'method'
  | 'header'
  | 'data'
  | 'data-raw'
  | 'data-urlencode'
  | 'json'
  | 'url-query'
  | 'user'
  | 'bearer'
  | 'get'
  | 'head'
  | 'url'
  | 'user-agent'
  | 'referer'
  | 'cookie'
  | 'range'
  | 'compressed'
  /** It changes how curl prints, waits or connects, not what is asked. */
  | 'nothing'
  /** It changes what a server gets in a way that is not done here. */
  | 'elsewhere'
  | 'form'
  | 'upload'
  | 'config';

const option = (does: CurlEffect, argument: boolean): CurlOption => ({ does, argument });

const named = (does: CurlEffect, argument: boolean, names: string): [string, CurlOption][] =>
  names.split(' ').map((name) => [name, option(does, argument)]);

/** By name, with its dashes. */
export const CURL_OPTIONS: ReadonlyMap<string, CurlOption> = new Map([
  ...named('method', true, '-X --request'),
  ...named('header', true, '-H --header'),
  ...named('data', true, '-d --data --data-ascii --data-binary'),
  ...named('data-raw', true, '--data-raw'),
  ...named('data-urlencode', true, '--data-urlencode'),
  ...named('json', true, '--json'),
  ...named('url-query', true, '--url-query'),
  ...named('user', true, '-u --user'),
  ...named('bearer', true, '--oauth2-bearer'),
  ...named('get', false, '-G --get'),
  ...named('head', false, '-I --head'),
  ...named('url', true, '--url'),
  ...named('user-agent', true, '-A --user-agent'),
  ...named('referer', true, '-e --referer'),
  ...named('cookie', true, '-b --cookie'),
  ...named('range', true, '-r --range'),
  ...named('compressed', false, '--compressed'),
  ...named('form', true, '-F --form --form-string'),
  ...named('upload', true, '-T --upload-file'),
  ...named('config', true, '-K --config'),
  ...named('elsewhere', true, '-x --proxy --resolve --connect-to --aws-sigv4 --unix-socket --request-target'),
  ...named('elsewhere', false, '--digest --ntlm --negotiate --anyauth'),
  ...named(
    'nothing',
    false,
    '-s --silent -S --show-error -i --include --show-headers -v --verbose -k --insecure -L --location --location-trusted ' +
      '-f --fail --fail-with-body -g --globoff -N --no-buffer -# --progress-bar --no-progress-meter -O --remote-name ' +
      '-J --remote-header-name -q --disable -4 --ipv4 -6 --ipv6 -0 --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 ' +
      '--path-as-is --basic --tlsv1.2 --tlsv1.3 --no-keepalive --tcp-nodelay -Z --parallel --styled-output --raw -j --junk-session-cookies',
  ),
  ...named(
    'nothing',
    true,
    '-o --output --output-dir -w --write-out -m --max-time --connect-timeout --retry --retry-delay --retry-max-time --cacert ' +
      '--capath -E --cert --key --cert-type --key-type --pass --ciphers --interface --limit-rate -D --dump-header -c --cookie-jar ' +
      '--max-redirs --max-filesize --stderr --trace --trace-ascii --noproxy --keepalive-time --dns-servers -y -Y',
  ),
]);

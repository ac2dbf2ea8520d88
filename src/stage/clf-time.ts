// The time of a request as access logs and events write it (spec/http-api.md §3.6.2).

let lastSecond = -1;
let lastTime = '';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000` of epoch milliseconds (spec/http-api.md §3.6.2). */
export function clfTime(epochMillis: number): string {
  const second = Math.floor(epochMillis / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastTime = printClfTime(epochMillis);
  }
  return lastTime;
}

function printClfTime(epochMillis: number): string {
  const date = new Date(epochMillis);
  const two = (value: number) => String(value).padStart(2, '0');
  return (
    `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:` +
    `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
  );
}

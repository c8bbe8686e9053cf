import { Connection, ConnectionSet, NO_CONNECTIONS } from '../../src/analysis/connections/connection-set';

/** Names as files of strangers may hold them. */
export const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>', '</title></script><img src=x onerror=alert(1)>', '"quoted" \'names\'', 'a\nb', 'a\r\nb', 'pipe | pipe', '`code`', 'end', 'a"];end',
  '=HYPERLINK("http://evil.example")', '+1', '-1', '@SUM(A1)', '\t=1', '](http://evil.example)', '![x](http://evil.example/p.png)', '@everyone', '#1', '&lt;', '\\', '\\"',
  '\u001b[31m', '\u202egnp', '<!--', '-->', '---', '%%{init}%%', '#quot;', '*bold*', '__proto__', 'www.evil.example', '$(id)', '{{x}}', 'subgraph', '|"x"|', '\u2028',
];

const TCP_80: ConnectionSet = { ...NO_CONNECTIONS, allowed: { TCP: [[80, 80]] } };

/** Each name as namespace, as name and as kind, at both ends. */
export const HOSTILE_CONNECTIONS: readonly Connection[] = HOSTILE.flatMap(name => [
  { source: `${name}/web[Deployment]`, destination: `shop/${name}[Deployment]`, set: TCP_80 },
  { source: `shop/web[${name}]`, destination: name, set: { ...TCP_80, partial: { TCP: [[8080, 8080]] }, unknown: { UDP: [[53, 53]] } } },
]);

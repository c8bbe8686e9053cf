import { cdk8s, javascript, TextFile } from 'projen';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-netpol',
  description: 'Network policy as typed code: say once who may talk to whom, and get NetworkPolicy, Cilium and Calico manifests that say exactly that.',
  author: 'cdk8s-netpol maintainers',
  authorAddress: 'maintainers@cdk8s-netpol.example',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk8s-netpol/cdk8s-netpol.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk8s-netpol maintainers',
  copyrightPeriod: '2026',
  keywords: ['cdk8s', 'kubernetes', 'network-policy', 'cilium', 'calico', 'zero-trust', 'security'],
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  majorVersion: 0,

  projenrcTs: true,
  projenVersion: '~0.103',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0',
  // jsii 6 is TypeScript 6.0 only; an open range would pull in 7.
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0',
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.3.0',

  // Publishing is done by whoever releases, from the jsii targets below; no hosted workflow is generated.
  github: false,
  release: false,
  depsUpgrade: false,
  publishToPypi: { distName: 'cdk8s-netpol', module: 'cdk8s_netpol' },
  publishToMaven: {
    javaPackage: 'io.github.cdk8snetpol',
    mavenGroupId: 'io.github.cdk8s-netpol',
    mavenArtifactId: 'cdk8s-netpol',
  },
  publishToGo: { moduleName: 'github.com/cdk8s-netpol/cdk8s-netpol-go', packageName: 'cdk8snetpol' },
  publishToNuget: { dotNetNamespace: 'Cdk8sNetpol', packageId: 'Cdk8sNetpol' },

  bundledDeps: ['commander@^14', 'ipaddr.js@^2', 'js-yaml@^4', 're2js@^2', 'yaml@^2'],
  bin: { 'cdk8s-netpol': 'bin/cdk8s-netpol' },
  devDeps: [
    '@types/node@^20',
    '@kubernetes-models/cilium@^4',
    'kubernetes-models@^5',
    'ajv@^8',
    'cdk8s-cli@^2',
    'cdk8s-plus-27@^2',
    'cdk8s-plus-33@^2',
    'fast-check@^4',
    '@types/js-yaml@^4',
    'jsii-pacmak@^1',
    'ts-node@^10',
  ],

  jest: true,
  jestOptions: {
    // A test run never writes the expectations that it is judged by.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: { testTimeout: 60_000, maxWorkers: '100%' },
  },
  eslint: true,
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'bench', 'scripts', 'projenrc'] },
  sampleCode: false,
  gitignore: ['/.jsii.tabl.json', 'tmp/'],
});

project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
project.npmrc.addConfig('fund', 'false');

// The newest one lacks packages for some platforms, which leaves a lock file that `npm ci` refuses.
project.package.addField('overrides', { 'unrs-resolver': '1.11.1' });

project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './package.json': './package.json',
  './jest': { types: './lib/jest/index.d.ts', default: './lib/jest/index.js' },
  './jest/globals': { types: './lib/jest/globals.d.ts', default: './lib/jest/globals.js' },
  './contract.schema.json': './contract.schema.json',
  './.jsii': './.jsii',
});

// For those who resolve modules as before there were exports.
project.package.addField('typesVersions', { '*': { 'jest': ['./lib/jest/index.d.ts'], 'jest/globals': ['./lib/jest/globals.d.ts'] } });

// Examples import the library by its own name, which resolves, and counts as a module of its own, only once it is compiled.
project.eslint?.addOverride({ files: ['examples/**/*.ts'], rules: { 'import/no-unresolved': 'off', 'import/order': 'off' } });

for (const path of ['/bench/', '/scripts/', '/.ci/', '/rosetta/']) { project.npmignore?.exclude(path); }
// README.md and the pages lead to each other and to the examples: of the version that is installed, and without a network.
project.npmignore?.include('/examples/**/dist/');

const script = (file: string) => `ts-node -T -P scripts/tsconfig.json ${file}`;
project.addTask('examples', {
  description: 'Synthesizes every example for every dialect with the cdk8s CLI; the output is committed',
  steps: [{ spawn: 'compile' }, { exec: script('scripts/examples.ts') }],
});
project.addTask('demo', {
  description: 'Synthesizes the Online Boutique for three clusters and prints who may talk to whom',
  steps: [{ spawn: 'compile' }, { exec: script('scripts/demo.ts') }],
});
project.addTask('bench', {
  description: 'Synth time as ratios to bare ApiObjects and to cdk8s-plus; with `analysis`, time and memory of the analysis; run by hand',
  exec: script('bench/main.ts'),
  receiveArgs: true,
});
project.addTask('typecheck', {
  description: 'Type-checks what jest and ts-node only transpile; needs the compiled library',
  steps: [
    { exec: 'tsc --noEmit -p test/tsconfig.json' },
    { exec: 'tsc --noEmit -p scripts/tsconfig.json' },
    { exec: 'tsc --noEmit -p bench/tsconfig.json' },
    { exec: 'tsc --noEmit -p examples/tsconfig.json' },
  ],
});

new TextFile(project, '.nvmrc', { lines: ['20', ''] });

project.synth();

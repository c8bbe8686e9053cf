import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

/* eslint-disable no-bitwise -- flags of the TypeScript API */

/** What the public API promises to those who read it: documentation, defaults, errors; and the package itself. */

const ROOT = path.resolve(__dirname, '..');
const INDEX = path.join(ROOT, 'src/index.ts');
const MANIFEST = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

const program = ts.createProgram([INDEX], {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ['node'],
  skipLibCheck: true,
});
const checker = program.getTypeChecker();

const EXPORTS = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(INDEX)!)!)
  .map(symbol => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
  .map(symbol => ({ name: symbol.name, declaration: symbol.declarations![0] }));

const classes = EXPORTS.flatMap(({ name, declaration }) => (ts.isClassDeclaration(declaration) ? [{ name, declaration }] : []));
const interfaces = EXPORTS.flatMap(({ name, declaration }) => (ts.isInterfaceDeclaration(declaration) ? [{ name, declaration }] : []));
const enums = EXPORTS.flatMap(({ name, declaration }) => (ts.isEnumDeclaration(declaration) ? [{ name, declaration }] : []));

const tagsOf = (node: ts.Node, tag: string): readonly ts.JSDocTag[] => ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === tag);
const textOf = ({ comment }: ts.JSDocTag): string => ts.getTextOfJSDocComment(comment) ?? '';

/** What stands above a declaration, or beside a parameter that is a property. */
function documentation(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '');
  return comments.join('\n').trim();
}

const isPublic = (node: ts.Declaration): boolean =>
  !(ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected))
  && tagsOf(node, 'internal').length === 0;

function membersOf(declaration: ts.ClassDeclaration | ts.InterfaceDeclaration): { readonly name: string; readonly node: ts.Declaration }[] {
  const parameters = declaration.members.filter(member => ts.isConstructorDeclaration(member)).flatMap(constructor => [...constructor.parameters])
    .filter(parameter => ts.isParameterPropertyDeclaration(parameter, parameter.parent));
  // A constructor is documented by its class.
  return [...declaration.members.filter(member => !ts.isConstructorDeclaration(member)), ...parameters].filter(isPublic)
    .map(node => ({ name: node.name?.getText() ?? '?', node }));
}

test('index.ts exports classes, interfaces and enums, and no functions or constants', () => {
  expect(classes.length + interfaces.length + enums.length).toBe(EXPORTS.length);
  expect(EXPORTS.length).toBeGreaterThan(30);
});

test('everything that is exported is documented, with all its members', () => {
  const named = [
    ...EXPORTS.map(({ name, declaration }) => ({ name, node: declaration })),
    ...[...classes, ...interfaces].flatMap(({ name, declaration }) => membersOf(declaration).map(member => ({ ...member, name: `${name}.${member.name}` }))),
    ...enums.flatMap(({ name, declaration }) => declaration.members.map(node => ({ name: `${name}.${node.name.getText()}`, node }))),
  ];
  expect(named.length).toBeGreaterThan(200);
  expect(named.filter(({ node }) => documentation(node) === '').map(({ name }) => name)).toEqual([]);
});

test('every optional property of an options interface states its default, and no required one does', () => {
  const wrong = interfaces.flatMap(({ name, declaration }) => declaration.members.filter(ts.isPropertySignature).flatMap(member => {
    const defaults = tagsOf(member, 'default').map(textOf);
    if (!member.questionToken) { return defaults.length > 0 ? [`${name}.${member.name.getText()} is required and has a default`] : []; }
    return defaults.length === 1 && defaults[0].trim() !== '' ? [] : [`${name}.${member.name.getText()} states no default`];
  }));
  expect(wrong).toEqual([]);
});

test('every optional parameter says what it is when it is left out', () => {
  const wrong = classes.flatMap(({ name, declaration }) => declaration.members.filter(isPublic).flatMap(member => {
    if (!ts.isMethodDeclaration(member)) { return []; }
    return member.parameters
      .filter(parameter => (parameter.questionToken ?? parameter.initializer) && !parameter.name.getText().match(/^(options|selection|props)$/))
      .filter(parameter => !ts.getJSDocParameterTags(parameter).some(tag => /default/i.test(textOf(tag))))
      .map(parameter => `${name}.${member.name.getText()}(${parameter.name.getText()})`);
  }));
  expect(wrong).toEqual([]);
});

test('all properties of options are readonly', () => {
  const wrong = interfaces.flatMap(({ name, declaration }) => declaration.members.filter(ts.isPropertySignature)
    .filter(member => !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Readonly)).map(member => `${name}.${member.name.getText()}`));
  expect(wrong).toEqual([]);
});

/** A `throw` in the body itself: what is called inside states its own. */
function throwsItself(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) { return true; }
  return !ts.isFunctionLike(node) && ts.forEachChild(node, throwsItself) === true;
}

/** A constructor that calls what is documented to throw throws too. */
function callsThrowing(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) {
    const declaration = checker.getResolvedSignature(node)?.declaration;
    if (declaration && declaration.getSourceFile().fileName.startsWith(path.join(ROOT, 'src')) && throwsSaid(declaration).length > 0) { return true; }
  }
  return ts.forEachChild(node, callsThrowing) === true;
}

const throwsSaid = (node: ts.Node): string[] => tagsOf(node, 'throws').map(textOf);

test('constructors and methods that throw say when', () => {
  const silent = classes.flatMap(({ name, declaration }) => declaration.members.flatMap(member => {
    if (!ts.isConstructorDeclaration(member) && !ts.isMethodDeclaration(member) && !ts.isGetAccessor(member)) { return []; }
    if (!member.body || !isPublic(member)) { return []; }
    const throwing = ts.forEachChild(member.body, throwsItself) === true || (ts.isConstructorDeclaration(member) && callsThrowing(member.body));
    return throwing && throwsSaid(member).every(said => said.trim() === '') ? [`${name}.${member.name?.getText() ?? 'constructor'}`] : [];
  }));
  expect(silent).toEqual([]);
});

test('constructs that take properties and can refuse them say so', () => {
  const constructs = classes.filter(({ declaration }) => {
    const constructor = declaration.members.find(ts.isConstructorDeclaration);
    return constructor && constructor.parameters[0]?.name.getText() === 'scope' && isPublic(constructor);
  });
  expect(constructs.map(({ name }) => name)).toEqual(expect.arrayContaining([
    'AllowDns', 'AllowExternal', 'AllowIngressController', 'BlockCloudMetadata', 'ClusterPolicy', 'DefaultDeny', 'NetworkPolicy', 'ThreeTierApp',
    'ZeroTrustNamespace',
  ]));
  const silent = constructs.filter(({ declaration }) => throwsSaid(declaration.members.find(ts.isConstructorDeclaration)!).length === 0);
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('interfaces with behaviour begin with I, and structs do not', () => {
  // What a class implements is behaviour too, also where that is a property.
  const implemented = classes.flatMap(({ declaration }) => declaration.heritageClauses ?? [])
    .filter(({ token }) => token === ts.SyntaxKind.ImplementsKeyword).flatMap(({ types }) => types.map(type => type.getText()));
  const wrong = interfaces.filter(({ name, declaration }) =>
    /^I[A-Z]/.test(name) !== (declaration.members.some(ts.isMethodSignature) || implemented.includes(name)));
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

describe('package.json', () => {
  test('exports the library, its matchers of jest, the schema of contracts, its manifest and its jsii assembly, and nothing else', () => {
    expect(MANIFEST.exports).toEqual({
      '.': { types: './lib/index.d.ts', default: './lib/index.js' },
      './package.json': './package.json',
      './jest': { types: './lib/jest/index.d.ts', default: './lib/jest/index.js' },
      './jest/globals': { types: './lib/jest/globals.d.ts', default: './lib/jest/globals.js' },
      './contract.schema.json': './contract.schema.json',
      './.jsii': './.jsii',
    });
    expect([MANIFEST.main, MANIFEST.types]).toEqual(['lib/index.js', 'lib/index.d.ts']);
  });

  test('configures every language of jsii', () => {
    const { python, java, go, dotnet } = MANIFEST.jsii.targets;
    expect(python).toMatchObject({ distName: 'cdk8s-netpol', module: 'cdk8s_netpol' });
    expect(java.package).toMatch(/^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)+$/);
    expect(java.maven).toMatchObject({ groupId: expect.any(String), artifactId: 'cdk8s-netpol' });
    expect(go).toMatchObject({ moduleName: expect.stringMatching(/^github\.com\//), packageName: expect.stringMatching(/^[a-z0-9]+$/) });
    expect(dotnet).toMatchObject({ namespace: expect.stringMatching(/^[A-Z]\w*$/), packageId: expect.any(String) });
  });

  test('bundles what is no peer, and leaves cdk8s and constructs to the app', () => {
    expect(MANIFEST.bundledDependencies).toEqual(Object.keys(MANIFEST.dependencies));
    expect(Object.keys(MANIFEST.peerDependencies).sort()).toEqual(['cdk8s', 'constructs']);
  });
});

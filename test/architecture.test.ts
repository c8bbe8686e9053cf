import * as fs from 'fs';
import { builtinModules } from 'module';
import * as path from 'path';
import * as ts from 'typescript';

/** The direction of imports, as DESIGN.md draws it. */

const ROOT = path.resolve(__dirname, '..');
const SRC = path.join(ROOT, 'src');

/** By layer: the layers that it may import, besides its own files. Layers that are not there yet are stated already. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  dialects: ['model'],
  cluster: ['model'],
  constructs: ['model', 'dialects', 'cluster'],
  patterns: ['model', 'cluster', 'constructs'],
  analysis: ['model', 'dialects', 'cluster'],
  lint: ['model', 'dialects', 'cluster', 'analysis'],
  report: ['model', 'dialects', 'cluster', 'analysis'],
  recommend: ['model', 'dialects', 'cluster', 'analysis'],
  cli: ['model', 'dialects', 'cluster', 'analysis', 'report'],
  connectivity: ['model', 'dialects', 'cluster', 'constructs', 'analysis', 'report'],
  jest: ['model', 'cluster', 'constructs', 'analysis', 'report', 'connectivity'],
};

/** By layer: the packages that it may import. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  model: ['ipaddr.js', 're2js'],
  dialects: ['ipaddr.js'],
  cluster: ['constructs'],
  constructs: ['cdk8s', 'constructs'],
  patterns: ['cdk8s', 'constructs'],
  analysis: ['ipaddr.js', 'js-yaml', 'yaml'],
  report: [],
  cli: ['commander'],
  connectivity: ['cdk8s', 'constructs'],
  jest: ['constructs'],
};
const ALL_PACKAGES = ['cdk8s', 'commander', 'constructs', 'ipaddr.js', 'js-yaml', 're2js', 'yaml'];

/** By folder: the modules of Node that it may import. What jsii runs in any language reads files by way of `analysis/input`. */
const NODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  'analysis/input': ['buffer', 'fs', 'path'],
  'cli': ['crypto', 'fs', 'path'],
  // For fingerprints of findings.
  'report': ['crypto'],
};

interface Import {
  readonly file: string;
  /** As it is written. */
  readonly specifier: string;
  /** The file of src that is meant; undefined for a package. */
  readonly target?: string;
  readonly typeOnly: boolean;
}

const filesIn = (directory: string): string[] => fs.readdirSync(directory, { withFileTypes: true }).flatMap(entry => {
  const full = path.join(directory, entry.name);
  return entry.isDirectory() ? filesIn(full) : entry.name.endsWith('.ts') ? [full] : [];
});

const parse = (file: string): ts.SourceFile => ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
const relative = (file: string): string => path.relative(SRC, file).split(path.sep).join('/');

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => found.push({ file: relative(file), specifier, typeOnly, ...resolve(file, specifier) });
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeImport(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      const names = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
      add(node.moduleSpecifier.text, node.isTypeOnly || (names.length > 0 && names.every(name => name.isTypeOnly)));
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      add(node.argument.literal.text, true);
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add((node.moduleReference.expression as ts.StringLiteral).text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && isDynamicImport(node)) {
      const [argument] = node.arguments;
      add(argument && ts.isStringLiteral(argument) ? argument.text : 'something computed', false);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

const isTypeImport = (clause: ts.ImportClause | undefined): boolean => {
  if (!clause) { return false; }
  const names = clause.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : [];
  return clause.phaseModifier === ts.SyntaxKind.TypeKeyword || (!clause.name && names.length > 0 && names.every(name => name.isTypeOnly));
};

const isDynamicImport = ({ expression }: ts.CallExpression): boolean =>
  expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');

function resolve(file: string, specifier: string): { readonly target?: string } {
  if (!specifier.startsWith('.')) { return {}; }
  const base = path.resolve(path.dirname(file), specifier);
  const found = [`${base}.ts`, path.join(base, 'index.ts'), base].find(candidate => fs.existsSync(candidate) && fs.statSync(candidate).isFile());
  return { target: found === undefined ? `nothing at ${specifier}` : relative(found) };
}

const isNodeModule = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier);

const FILES = filesIn(SRC);
const IMPORTS = FILES.flatMap(importsOf);
const layerOf = (file: string): string => file.split('/')[0];
/** `dialects/cilium` for what lies in it, undefined for what the dialects share. */
const dialectOf = (file: string): string | undefined => /^dialects\/([^/]+)\//.exec(file)?.[1];
const sentences = (imports: readonly Import[]): string[] => imports.map(({ file, specifier }) => `${file} imports ${specifier}`);

test('the test sees imports of every form', () => {
  expect(IMPORTS.length).toBeGreaterThan(FILES.length);
  expect(IMPORTS.some(({ typeOnly }) => typeOnly)).toBe(true);
  expect(IMPORTS.some(({ file, typeOnly }) => file === 'index.ts' && !typeOnly)).toBe(true);
});

test('every folder of src has a place in the order', () => {
  expect(FILES.map(relative).map(layerOf).filter(layer => layer !== 'index.ts' && !Object.hasOwn(MAY_IMPORT, layer))).toEqual([]);
});

test('imports lead to files of src, or to packages', () => {
  expect(sentences(IMPORTS.filter(({ target }) => target !== undefined && !FILES.some(file => relative(file) === target)))).toEqual([]);
});

test('imports run one way, those of types too', () => {
  const wrong = IMPORTS.filter(({ file, target }) => {
    const [own, other] = [layerOf(file), target === undefined ? undefined : layerOf(target)];
    return own !== 'index.ts' && other !== undefined && other !== own && !MAY_IMPORT[own].includes(other);
  });
  expect(sentences(wrong)).toEqual([]);
});

test('no dialect knows another', () => {
  const wrong = IMPORTS.filter(({ file, target }) => {
    const [own, other] = [dialectOf(file), target === undefined ? undefined : dialectOf(target)];
    return other !== undefined && own !== other && file !== 'dialects/index.ts' && layerOf(file) === 'dialects';
  });
  expect(sentences(wrong)).toEqual([]);
});

test('every dialect is a folder that the index of dialects knows', () => {
  const folders = [...new Set(FILES.map(relative).flatMap(file => dialectOf(file) ?? []))].sort();
  const known = IMPORTS.filter(({ file }) => file === 'dialects/index.ts').flatMap(({ target }) => dialectOf(target ?? '') ?? []);
  expect([...new Set(known)].sort()).toEqual(folders);
});

test('index.ts only exports, and names what it exports', () => {
  const { statements } = parse(path.join(SRC, 'index.ts'));
  const others = statements.filter(statement =>
    !(ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)));
  expect(others.map(statement => statement.getText())).toEqual([]);
});

test('nobody imports index.ts', () => {
  expect(sentences(IMPORTS.filter(({ target }) => target === 'index.ts'))).toEqual([]);
});

test('only declared packages are imported, and none that serves development only', () => {
  const { dependencies, peerDependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  expect([...Object.keys(dependencies), ...Object.keys(peerDependencies)].sort()).toEqual(ALL_PACKAGES);
  const wrong = IMPORTS.filter(({ file, specifier, target }) =>
    target === undefined && !isNodeModule(specifier) && !(PACKAGES[layerOf(file)] ?? []).includes(specifier));
  expect(sentences(wrong)).toEqual([]);
});

test('modules of Node are imported where files are read and written, and nowhere else', () => {
  const allowed = (file: string): readonly string[] =>
    Object.entries(NODE_MODULES).filter(([folder]) => file.startsWith(`${folder}/`)).flatMap(([, modules]) => modules);
  const wrong = IMPORTS.filter(({ file, specifier }) => isNodeModule(specifier) && !allowed(file).includes(specifier.replace(/^node:/, '')));
  expect(sentences(wrong)).toEqual([]);
});

test.each(['analysis', 'report', 'cli'])('%s runs without cdk8s, which takes long to load', layer => {
  const files = FILES.map(relative).filter(file => layerOf(file) === layer && file !== 'cli/main.ts');
  const loaded: string[] = [];
  jest.isolateModules(() => {
    for (const name of ['cdk8s', 'constructs']) {
      jest.doMock(name, () => {
        loaded.push(name);
        return {};
      });
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- in a registry of its own
    for (const file of files) { require(path.join(SRC, file)); }
  });
  ['cdk8s', 'constructs'].forEach(name => jest.dontMock(name));
  expect(files.length).toBeGreaterThan(0);
  expect(loaded).toEqual([]);
});

test.each(['model', 'dialects', 'cluster', 'patterns', 'connectivity', 'jest'])('no file of %s needs itself, by way of others, in order to be loaded', layer => {
  expect(cycles(file => layerOf(file) === layer)).toEqual([]);
});

/** Cycles of imports that remain when the program runs, among these files. */
function cycles(among: (file: string) => boolean): string[] {
  const edges = new Map<string, string[]>();
  for (const { file, target, typeOnly } of IMPORTS) {
    if (!typeOnly && target !== undefined && among(file) && among(target) && usesValue(file, target)) {
      edges.set(file, [...(edges.get(file) ?? []), target]);
    }
  }
  const found = new Set<string>();
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) {
      found.add([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      return;
    }
    if (done.has(file)) { return; }
    for (const next of edges.get(file) ?? []) { walk(next, [...trail, file]); }
    done.add(file);
  };
  [...edges.keys()].forEach(file => walk(file, []));
  return [...found];
}

/** An import of interfaces only is left out by the compiler, whether it says `type` or not. */
function usesValue(file: string, target: string): boolean {
  const source = parse(path.join(SRC, file));
  const declared = valuesOf(target);
  return source.statements.some(statement => {
    if (!ts.isExportDeclaration(statement) && !ts.isImportDeclaration(statement)) { return false; }
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || resolve(path.join(SRC, file), text(moduleSpecifier)).target !== target) { return false; }
    if (ts.isExportDeclaration(statement)) { return true; }
    const bindings = statement.importClause?.namedBindings;
    return !bindings || !ts.isNamedImports(bindings)
      || bindings.elements.some(({ isTypeOnly, propertyName, name }) => !isTypeOnly && declared.has((propertyName ?? name).text));
  });
}

const text = (node: ts.Expression): string => (node as ts.StringLiteral).text;

function valuesOf(file: string): Set<string> {
  return new Set(parse(path.join(SRC, file)).statements.flatMap(statement => {
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) { return []; }
    if (ts.isVariableStatement(statement)) { return statement.declarationList.declarations.map(({ name }) => name.getText()); }
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      return statement.exportClause.elements.map(({ name }) => name.text);
    }
    const name = (statement as ts.Statement & { readonly name?: ts.Identifier }).name;
    return name ? [name.text] : [];
  }));
}

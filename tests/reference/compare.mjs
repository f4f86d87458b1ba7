// Compares a running gateway with graphql-js: the data and the order of its members, the paths and locations of
// errors, and which requests are refused.
//
//   node compare.mjs http://127.0.0.1:8080 [--seed 1] [--operations 400]
//
// The root value of the reference is the gateway's own answer to queries for every field. The gateway's data must not
// change during the run. The demonstration's does not.

import { parseArgs } from "node:util";
import {
  GraphQLError,
  Source,
  buildSchema,
  execute,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  parse,
  validate,
} from "graphql";
import { Chance } from "./chance.mjs";
import { changed } from "./faults.mjs";
import { INTROSPECTION, introspectedDifferences } from "./introspection.mjs";
import { Operations } from "./operations.mjs";
import { withTokensChanged } from "./tokens.mjs";
import { withVariable, withVariableInside } from "./variables.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "1" }, operations: { type: "string", default: "400" } },
});
const base = positionals[0] ?? "http://127.0.0.1:8080";
const count = Number(values.operations);
const MOST_SHOWN = 10;

/** Fields with arguments that make them fail, by type. The reference decides how far null spreads. */
const FAILING = {
  Query: [
    { name: "services", args: "first: 101" },
    { name: "organizations", args: "first: -1" },
    { name: "service", args: 'id: "nonsense"' },
    { name: "nodes", args: 'ids: ["nonsense"]' },
    { name: "sources", args: 'keys: ["zzzz"]' },
    { name: "place", args: 'postcode: "ZZ9 9ZZ"' },
  ],
  ServiceConnection: [
    { name: "facets", args: "first: 0" },
    { name: "grid", args: "zoom: 99" },
  ],
  Service: [
    { name: "occurrences", args: 'from: "2026-03-02T00:00:00Z", to: "2026-03-01T00:00:00Z"' },
  ],
  Schedule: [
    { name: "occurrences", args: 'from: "2026-03-02T00:00:00Z", to: "2026-03-01T00:00:00Z"' },
  ],
};

/** Root fields whose values are read first. All fields below them are selected without arguments. */
const ROOT = [
  { name: "services", args: "first: 3" },
  { name: "organizations", args: "first: 2" },
  { name: "locations", args: "first: 2" },
  { name: "taxonomyTerms", args: "first: 3" },
  { name: "sources" },
  { name: "meta" },
];
const DEEPEST = 4;

/** Fields that may differ between two answers, such as durations and ages. They are not selected. */
const VOLATILE = ["tookMs", "ageSeconds", "age", "startedAt", "dataVersion", "lastAttemptAt", "nextSyncAt", "lastSuccessAt", "capabilities"];

async function ask(query, variables) {
  const response = await fetch(`${base}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** Waits until every source has been read, after which the data does not change. */
async function settled() {
  for (let turn = 0; turn < 300; turn += 1) {
    const { data } = await ask("{ organizations(first: 0) { complete } services(first: 0) { complete } sources { status } }");
    const fresh = data?.sources.every(({ status }) => status === "FRESH");
    if (fresh && data.services.complete && data.organizations.complete) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the gateway has not read all its sources");
}

await settled();
const sdl = await (await fetch(`${base}/schema.graphql`)).text();
const schema = buildSchema(`${sdl}\ndirective @oneOf on INPUT_OBJECT`);

/** Returns a selection of every field that requires no arguments, down to a depth. */
function everything(type, depth, trail) {
  if (!isObjectType(type)) {
    const each = schema.getPossibleTypes(type).map((of) => `... on ${of.name} ${everything(of, depth, trail)}`);
    return `{ __typename ${each.join(" ")} }`;
  }
  const fields = Object.values(type.getFields()).filter((field) => !field.args.some(isRequiredArgument));
  const selected = fields.map((field) => {
    const of = getNamedType(field.type);
    if (!isCompositeType(of)) return field.name;
    if (depth <= 1 || trail.includes(of.name) || costly(type, field)) return "";
    return `${field.name} ${everything(of, depth - 1, [...trail, of.name])}`;
  });
  return `{ __typename ${selected.join(" ")} }`;
}

/** Returns whether a field below the root is too expensive to select everywhere. The gateway limits searches. */
function costly(type, field) {
  const searches = ["services", "facets", "nothingFound", "quality", "terms", "children", "group", "conformance", "validator"];
  return searches.includes(field.name) && type.name !== "Query";
}

const known = {};
const root = { __typename: "Query" };
for (const { name, args } of ROOT) {
  const field = schema.getQueryType().getFields()[name];
  const of = getNamedType(field.type);
  const { data, errors } = await ask(`{ ${name}${args ? `(${args})` : ""} ${everything(of, DEEPEST, [of.name])} }`);
  if (errors || !data) throw new Error(`${name}: ${JSON.stringify(errors?.[0])}`);
  root[call(name, args)] = data[name];
  note(schema.getQueryType(), { name, args });
  learn(of, data[name]);
}

function call(name, args) {
  return args ? `${name}(${args})` : name;
}

function note(type, found) {
  const calls = (known[type.name] ??= []);
  if (!calls.some((one) => call(one.name, one.args) === call(found.name, found.args))) calls.push(found);
}

/** Notes which fields have values. */
function learn(type, value) {
  if (Array.isArray(value)) return value.forEach((element) => learn(type, element));
  if (value === null || typeof value !== "object") return undefined;
  const of = schema.getType(value.__typename ?? type.name);
  if (!isObjectType(of)) return undefined;
  for (const name of Object.keys(value)) {
    const field = of.getFields()[name];
    if (!field || VOLATILE.includes(name)) continue;
    for (const holder of [of, ...of.getInterfaces().filter((wider) => wider.getFields()[name])]) {
      note(holder, { name });
    }
    learn(getNamedType(field.type), value[name]);
  }
  return undefined;
}

/** Returns the arguments of a field as they are written, in the form of the calls above. */
function written(node) {
  const args = (node.arguments ?? []).map(({ name, value }) => {
    return `${name.value}: ${value.loc.source.body.slice(value.loc.start, value.loc.end)}`;
  });
  return args.length > 0 ? args.join(", ") : undefined;
}

const failing = new Set(
  Object.entries(FAILING).flatMap(([type, calls]) => calls.map(({ name, args }) => `${type}.${call(name, args)}`)),
);

/** Becomes true if an operation needs a value that was not read from the gateway. */
let unknown = false;

function resolve(source, _args, _context, info) {
  const args = written(info.fieldNodes[0]);
  if (failing.has(`${info.parentType.name}.${call(info.fieldName, args)}`)) {
    // `nodes` fails for each id, and its elements may be null.
    if (info.fieldName === "nodes") return [new Error("as asked")];
    return new Error("as asked");
  }
  const value = source[info.parentType.name === "Query" ? call(info.fieldName, args) : info.fieldName];
  // Not every field of every object was read: the depth is limited.
  if (value === undefined) unknown = true;
  return value;
}

// The values of custom scalars come from the gateway. The reference writes them unchanged.
for (const type of Object.values(schema.getTypeMap())) {
  if ("serialize" in type && !type.astNode) continue;
  if (type.astNode?.kind === "ScalarTypeDefinition") type.serialize = (value) => value;
}

function expected({ query, variables }) {
  let document;
  try {
    document = parse(new Source(query));
  } catch (error) {
    if (error instanceof GraphQLError) return { refused: true };
    throw error;
  }
  if (validate(schema, document).length > 0) return { refused: true };
  const operation = getOperationAST(document);
  if (!operation) return { refused: true };
  // If the schema has no root type for the operation, graphql-js answers with null and an error. The gateway may refuse
  // the request instead.
  if (!schema.getRootType(operation.operation)) return { refused: true };
  unknown = false;
  const result = execute({ schema, document, rootValue: root, variableValues: variables, fieldResolver: resolve });
  if (unknown) return { unknown };
  return "data" in result ? result : { refused: true };
}

function told({ data, errors }) {
  const each = (errors ?? []).map(({ path, locations }) => ({ path, locations }));
  return JSON.stringify({ data, errors: each });
}

function isRefused(answer) {
  return !("data" in answer);
}

const differences = [];

async function compare(name, operations, judge) {
  let [equal, limited, uncompared] = [0, 0, 0];
  for (const operation of operations) {
    const reference = expected(operation);
    // The other judge compares only whether the operation is refused, and needs no values.
    if (reference.unknown && judge === same) {
      uncompared += 1;
      continue;
    }
    const answer = await ask(operation.query, operation.variables);
    if (isOverLimit(answer)) {
      limited += 1;
      continue;
    }
    const verdict = judge(reference, answer);
    if (verdict) equal += 1;
    else differences.push({ name, operation, reference, answer });
  }
  const compared = operations.length - limited - uncompared;
  console.log(`${name}: ${equal} of ${compared} equal; ${limited} over a limit of the gateway, ${uncompared} without a value`);
  // Fails if fewer than half of the operations could be compared.
  if (compared < operations.length / 2) differences.push({ name, operation: { query: "too few", variables: {} }, reference: {}, answer: {} });
}

const LIMITS = /^(TOO_MANY_|QUERY_TOO_)/;

/** Returns whether the gateway refused an operation only because it is over one of the gateway's limits. */
function isOverLimit(answer) {
  return isRefused(answer) && answer.errors.every(({ extensions }) => LIMITS.test(extensions?.code));
}

function same(reference, answer) {
  if (reference.refused || isRefused(answer)) return Boolean(reference.refused) === isRefused(answer);
  return told(reference) === told(answer);
}

const draw = (fields, salt) => {
  const operations = new Operations(schema, fields, new Chance(Number(values.seed) * 7919 + salt));
  return Array.from({ length: count }, () => operations.draw());
};
const withFailing = Object.fromEntries(
  Object.entries(known).map(([type, calls]) => {
    const fails = FAILING[type] ?? [];
    return [type, [...calls, ...Array(3).fill(fails).flat()]];
  }),
);
await compare("healthy", draw(known, 1), same);
await compare("failing", draw(withFailing, 2), same);
const chance = new Chance(Number(values.seed) * 7919 + 3);
const faulty = draw(known, 4).map(({ query, variables }) => ({ query: changed(query, chance), variables }));
const sameVerdict = (reference, answer) => Boolean(reference.refused) === isRefused(answer);
await compare("invalid", faulty, sameVerdict);
const garbled = Array.from({ length: count }, () => ({ query: withTokensChanged(chance), variables: { keys: [] } }));
await compare("garbled", garbled, sameVerdict);
const shapes = Array.from({ length: count }, () => withVariable(chance));
await compare("variables", shapes, sameVerdict);
const inside = Array.from({ length: count }, () => withVariableInside(chance));
await compare("variables within values", inside, sameVerdict);

const odd = introspectedDifferences(schema, await ask(INTROSPECTION, {}));
console.log(`introspection: ${odd.length === 0 ? "equal" : `differs in ${odd.join(", ")}`}`);
if (odd.length > 0) differences.push({ name: "introspection", operation: { query: odd.join(" "), variables: {} }, reference: {}, answer: {} });

for (const { name, operation, reference, answer } of differences.slice(0, MOST_SHOWN)) {
  console.log(`\n${name}: ${operation.query}\nvariables: ${JSON.stringify(operation.variables)}`);
  const [theirs, ours] = [reference.refused ? "refused" : told(reference), isRefused(answer) ? JSON.stringify(answer) : told(answer)];
  let at = 0;
  while (at < theirs.length && theirs[at] === ours[at]) at += 1;
  console.log(`from ${at}:\nreference: ${theirs.slice(Math.max(0, at - 60), at + 200)}\ngateway:   ${ours.slice(Math.max(0, at - 60), at + 200)}`);
}
process.exit(differences.length > 0 ? 1 : 0);

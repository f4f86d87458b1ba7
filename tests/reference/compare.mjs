// Holds a running gateway against graphql-js: data member by member in their order, errors by path and locations, and
// which requests are refused.
//
//   node compare.mjs http://127.0.0.1:8080 [--seed 1] [--operations 400]
//
// What the gateway itself says when everything is asked for is the root value of the reference. The gateway's data must
// not change meanwhile: the demonstration's does not.

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

/** Calls with arguments that fail, by type, and what null does then is for the reference to say. */
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

/** The calls of the root whose values are read first. Everything within them is asked for without arguments. */
const ROOT = [
  { name: "services", args: "first: 3" },
  { name: "organizations", args: "first: 2" },
  { name: "locations", args: "first: 2" },
  { name: "taxonomyTerms", args: "first: 3" },
  { name: "sources" },
  { name: "meta" },
];
const DEEPEST = 4;

/** What two answers need not agree in: how long something took, and how old it is by now. */
const VOLATILE = ["tookMs", "ageSeconds", "age", "startedAt", "dataVersion", "lastAttemptAt", "nextSyncAt", "lastSuccessAt", "capabilities"];

async function ask(query, variables) {
  const response = await fetch(`${base}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** Waits until every source has been read, so that nothing changes any more. */
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

/** Every field that can be asked for without arguments, down to a depth. */
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

/** Searches within records: their number is bounded, and a few of them say all there is to compare. */
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

/** Notes the fields that the values have. */
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

/** The written arguments of a field, as the calls above have them. */
function written(node) {
  const args = (node.arguments ?? []).map(({ name, value }) => {
    return `${name.value}: ${value.loc.source.body.slice(value.loc.start, value.loc.end)}`;
  });
  return args.length > 0 ? args.join(", ") : undefined;
}

const failing = new Set(
  Object.entries(FAILING).flatMap(([type, calls]) => calls.map(({ name, args }) => `${type}.${call(name, args)}`)),
);

/** Whether a value was needed that was not asked for. */
let unknown = false;

function resolve(source, _args, _context, info) {
  const args = written(info.fieldNodes[0]);
  if (failing.has(`${info.parentType.name}.${call(info.fieldName, args)}`)) {
    // A list of which each element fails may hold what is null.
    if (info.fieldName === "nodes") return [new Error("as asked")];
    return new Error("as asked");
  }
  const value = source[info.parentType.name === "Query" ? call(info.fieldName, args) : info.fieldName];
  // Not everything was asked for of every object, or lists of them would have no end.
  if (value === undefined) unknown = true;
  return value;
}

// What a custom scalar is taken for is the gateway's business: here it is written as it is.
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
  // The reference executes what has no root and finds nothing; to say so beforehand is as good.
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
    // Whether it is refused is known in any case.
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
  // A comparison of hardly anything says nothing.
  if (compared < operations.length / 2) differences.push({ name, operation: { query: "too few", variables: {} }, reference: {}, answer: {} });
}

const LIMITS = /^(TOO_MANY_|QUERY_TOO_)/;

/** Whether the gateway refuses what is valid by the specification, as it says it does. */
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

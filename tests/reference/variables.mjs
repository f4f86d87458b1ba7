// Operations with variables of many types, and values of many shapes for them.

const DECLARED = [
  ["Int", "services(first: $v) { totalCount }"],
  ["Int!", "services(first: $v) { totalCount }"],
  ["Int = 2", "services(first: $v) { totalCount }"],
  ["Int! = 2", "services(first: $v) { totalCount }"],
  ["String!", "source(key: $v) { key }"],
  ['String! = "a"', "source(key: $v) { key }"],
  ["[String!]", "sources(keys: $v) { key }"],
  ["[String!]!", "sources(keys: $v) { key }"],
  ["[ID!]!", "nodes(ids: $v) { id }"],
  ["ID!", "node(id: $v) { id }"],
  ["ServiceFilter", "services(first: 1, filter: $v) { totalCount }"],
  ["ServiceFilter!", "services(first: 1, filter: $v) { totalCount }"],
  ["[ServiceStatus!]", "services(first: 1, filter: { status: $v }) { totalCount }"],
  ["Boolean", "services(first: 1, filter: { includeUnknown: $v }) { totalCount }"],
  ["Boolean!", "meta @include(if: $v) { version }"],
  ["Boolean = true", "meta @skip(if: $v) { version }"],
  ["Int", "services(first: 1) { facets(first: $v) { sources { count } } }"],
  ["Int", "services(first: 1, filter: { age: $v }) { totalCount }"],
  ["CostFilter", "services(first: 1, filter: { cost: $v }) { totalCount }"],
  ["[ServiceFilter!]", "services(first: 1, filter: { or: $v }) { totalCount }"],
];

const VALUES = [
  undefined,
  null,
  0,
  1,
  -1,
  1.5,
  1.0,
  2147483647,
  2147483648,
  "",
  "a",
  "1",
  true,
  false,
  [],
  [null],
  ["a"],
  [1],
  ["a", null],
  [["a"]],
  {},
  { text: "tea" },
  { text: 1 },
  { text: null },
  { nothing: 1 },
  { age: 3 },
  { age: "3" },
  { status: ["ACTIVE"] },
  { status: "ACTIVE" },
  { status: ["NOBODY"] },
  { not: { text: "tea" } },
  { not: { nothing: 1 } },
  { free: true },
  { free: "true" },
  ["ACTIVE"],
  ["ACTIVE", "NOBODY"],
  "ACTIVE",
  [{ text: "tea" }],
  [{ text: "tea" }, null],
  [{ text: 3 }],
];

/** Returns an operation and its variables. */
export function withVariable(chance) {
  const [type, field] = chance.of(DECLARED);
  const value = chance.of(VALUES);
  return { query: `query ($v: ${type}) { ${field} }`, variables: value === undefined ? {} : { v: value } };
}

/** Filters with a variable inside an object or a list, each after the named type of that place. */
const PLACES = [
  ["String", "{ text: $v }"],
  ["String", "{ sources: $v }"],
  ["String", "{ sources: [$v] }"],
  ["String", '{ sources: ["a", $v] }'],
  ["String", "{ near: { place: { name: $v } } }"],
  ["Int", "{ age: $v }"],
  ["Int", '{ near: { postcode: { postcode: "BS1 4DJ", withinMetres: $v } } }'],
  ["NearPointInput", "{ near: { point: $v } }"],
  ["ServiceFilter", "{ or: $v }"],
  ["ServiceFilter", "{ or: [{}, $v] }"],
  ["ServiceFilter", "{ or: { not: $v } }"],
  ["ServiceStatus", "{ status: $v }"],
  ["ServiceStatus", "{ not: { status: [$v] } }"],
];
const DEFAULTS = { String: '"a"', Int: "5", NearPointInput: "{ latitude: 51.4, longitude: -2.5 }", ServiceFilter: "{}", ServiceStatus: "ACTIVE" };
const SHAPES = ["T", "T!", "[T]", "[T!]", "[T]!", "[T!]!", "[[T!]!]!"];

/** Returns an operation with a variable inside an argument's value, directly or in a fragment. The variable has no
 * value, and sometimes a default. */
export function withVariableInside(chance) {
  const [named, filter] = chance.of(PLACES);
  const type = chance.of(SHAPES).replace("T", chance.is(0.9) ? named : "Float");
  const value = chance.is(0.2) ? "null" : DEFAULTS[named];
  const written = chance.is(0.4) ? ` = ${type.startsWith("[") && chance.is(0.5) ? `[${value}]` : value}` : "";
  const field = `services(first: 1, filter: ${filter}) { totalCount }`;
  const query = chance.is(0.5)
    ? `query ($v: ${type}${written}) { ${field} }`
    : `query A($v: ${type}${written}) { ...F } fragment F on Query { meta { version } ... { ${field} } }`;
  return { query, variables: {} };
}

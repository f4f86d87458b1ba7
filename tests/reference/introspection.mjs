// What introspection says of the gateway's own types and directives, beside what the reference says of its schema.
import { getIntrospectionQuery, graphqlSync, specifiedScalarTypes } from "graphql";

/** The query that clients and tools send, with everything that the reference knows. */
export const INTROSPECTION = getIntrospectionQuery({
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
});

/** Where two answers differ, apart from the order of types and from the types that every schema has. */
export function introspectedDifferences(schema, answer) {
  const expected = comparable(graphqlSync({ schema, source: INTROSPECTION }).data.__schema);
  const given = comparable(answer.data.__schema);
  return [...new Set([...Object.keys(expected), ...Object.keys(given)])].filter((name) => expected[name] !== given[name]);
}

/** The text of each part of an answer, by its name. */
function comparable({ types, directives, ...roots }) {
  const isOwn = ({ name }) => !name.startsWith("__") && !specifiedScalarTypes.some((scalar) => scalar.name === name);
  const ordered = (parts) => parts?.toSorted((one, other) => one.name.localeCompare(other.name));
  const parts = types.filter(isOwn).map((type) => [type.name, { ...type, possibleTypes: ordered(type.possibleTypes) }]);
  // The texts of the specified directives are each library's own.
  directives.forEach(({ name, locations, args }) => parts.push([`@${name}`, { locations: locations.toSorted(), args: args.map((arg) => arg.name) }]));
  parts.push(["schema", roots]);
  return Object.fromEntries(parts.map(([name, part]) => [name, JSON.stringify(part)]));
}

// Compares the lists of types on the page, for Apollo Client and urql, with the schema.

import { buildSchema, isObjectType } from "graphql";

export async function checkPossibleTypes(gateway, snippets) {
  const sdl = await (await fetch(`${gateway}/schema.graphql`)).text();
  const schema = buildSchema(sdl, { assumeValidSDL: true });
  for (const name of ["Node", "Record"]) {
    const listed = list(snippets, "apollo.mjs", new RegExp(`${name}: \\[(.*)\\]`)).map((type) => type.replace(/"|,/g, ""));
    same(`possible types of ${name}`, listed, schema.getPossibleTypes(schema.getType(name)));
  }
  const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith("__"));
  const keyless = objects.filter((type) => !("id" in type.getFields()) && !["Query", "TaxonomyTermGroup"].includes(type.name));
  same("types without an id", list(snippets, "urql.mjs", /EMBEDDED = `([^`]*)`/), keyless);
}

function list(snippets, file, pattern) {
  const { text } = snippets.find(({ subject }) => subject === file);
  return text.match(pattern)[1].trim().split(/\s+/).sort();
}

function same(what, listed, types) {
  const names = types.map(({ name }) => name).sort();
  if (names.join() !== listed.join()) throw new Error(`${what}: the page has ${listed}, the schema ${names}`);
}

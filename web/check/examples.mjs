// Validates `examples/*.graphql` against a schema: node check/examples.mjs ../schema.graphql
import { readdirSync, readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";

const schemaFile = process.argv[2] ?? "../schema.graphql";
const folder = new URL("../examples/", import.meta.url);
const schema = buildSchema(readFileSync(schemaFile, "utf8"));

const problems = readdirSync(folder).flatMap((name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  const missing = ["title", "for"].filter((key) => !new RegExp(`^# ${key}: \\S`, "m").test(text));
  const faults = validate(schema, parse(text)).map((fault) => fault.message);
  return [...missing.map((key) => `no \`# ${key}:\` line`), ...faults].map((why) => `${name}: ${why}`);
});

problems.forEach((problem) => console.error(problem));
process.exitCode = problems.length > 0 ? 1 : 0;

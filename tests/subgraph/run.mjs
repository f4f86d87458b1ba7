// Composes the gateway's subgraph with a second one that extends Service, using two composers, and queries each
// supergraph through a router, which asks the gateway for entities.
//
//   GATEWAY=../../target/debug/oruk-gateway node --test run.mjs
//
// `npm ci` must have run here.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { composeServices as composeWithApollo } from "@apollo/composition";
import { composeServices as composeWithHive } from "@theguild/federation-composition";
import { parse } from "graphql";
import { federatedGateway } from "./program.mjs";
import { reviews } from "./reviews.mjs";
import { route } from "./router.mjs";

const program = process.env.GATEWAY;
const { stdout: printed } = await promisify(execFile)(program, ["schema", "--federation"], { maxBuffer: 8 << 20 });
const PATIENCE_MS = 60_000;
const composers = { Apollo: composeWithApollo, Hive: composeWithHive };

let gateway;
before(async () => (gateway = await federatedGateway(program)), { timeout: PATIENCE_MS });
after(() => gateway?.stop());

function compose(composer, sdl) {
  const own = { name: "oruk", url: "http://oruk.example", typeDefs: parse(sdl) };
  const { errors, supergraphSdl } = composer([own, { name: "reviews", url: "http://reviews.example", typeDefs: reviews.typeDefs }]);
  assert.deepEqual(errors?.map(({ message }) => message) ?? [], []);
  return supergraphSdl;
}

test("the served subgraph is the printed one", { timeout: PATIENCE_MS }, async () => {
  const { data } = await gateway.ask("{ _service { sdl } }");
  assert.equal(data._service.sdl.trim(), printed.trim());
});

for (const [name, composer] of Object.entries(composers)) {
  test(`${name}: a router joins services with what another subgraph says of them`, { timeout: PATIENCE_MS }, async () => {
    const { data: known } = await gateway.ask("{ services(first: 3) { nodes { id name organization { id name } } } }");
    const [first, second, third] = known.services.nodes;
    const ask = await route(compose(composer, printed), gateway.url, [first.id, "U2VydmljZTpicmlzdG9sOmdvbmU", third.id]);

    // From the gateway to `reviews`: services get ratings.
    const forwards = await ask("{ services(first: 3) { totalCount nodes { name rating } } }");
    assert.equal(forwards.errors, undefined);
    assert.deepEqual(forwards.data.services.nodes, [
      { name: first.name, rating: 4.5 },
      { name: second.name, rating: null },
      { name: third.name, rating: 4.5 },
    ]);

    // From `reviews` to the gateway: services known only by their keys, one of which the gateway does not have.
    const back = await ask("{ reviewed { rating name organization { name } } }");
    assert.deepEqual(back.data.reviewed, [
      { rating: 4.5, name: first.name, organization: { name: first.organization.name } },
      null,
      { rating: 4.5, name: third.name, organization: { name: third.organization.name } },
    ]);

    // A source by its `key`, and an argument that must have exactly one member.
    const source = await ask('{ trusted { key name } services(filter: { near: { postcode: { postcode: "BS3 4DJ" } } }) { complete } }');
    assert.equal(source.errors, undefined);
    assert.equal(source.data.trusted.key, "bristol");
    assert.match(source.data.trusted.name, /Bristol/);
    const both = await ask('{ services(filter: { near: { postcode: { postcode: "BS3" } point: { latitude: 51, longitude: 0 } } }) { complete } }');
    assert.equal(both.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  });
}

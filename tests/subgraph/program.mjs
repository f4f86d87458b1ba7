// Runs the gateway with the demonstration as a subgraph.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts a gateway. Call `stop` on the result at the end. */
export async function federatedGateway(program) {
  const folder = await mkdtemp(join(tmpdir(), "subgraph-"));
  const config = join(folder, "gateway.toml");
  await writeFile(config, "[graphql]\nfederation = true\n");
  const child = spawn(program, ["serve", "--config", config, "--listen", "127.0.0.1:0"]);
  const url = await address(child);
  const ask = async (query) => {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    return response.json();
  };
  const stop = async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    await rm(folder, { recursive: true });
  };
  return { url, ask, stop };
}

/** Resolves to the address that the program prints once it is listening. */
function address(child) {
  return new Promise((found, failed) => {
    let said = "";
    const listen = (text) => {
      said += text;
      const match = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (match) found(match[0]);
    };
    child.stdout.setEncoding("utf8").on("data", listen);
    child.stderr.setEncoding("utf8").on("data", listen);
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`the gateway ended with ${code}:\n${said}`)));
  });
}

// Checks a gateway that has just started: node .ci/smoke.mjs http://127.0.0.1:8080
// Fails unless it becomes ready and its answer is complete, with services from at least three sources.
const [gateway] = process.argv.slice(2);

await ready();
const { data, errors } = await ask("{ services(first: 1) { totalCount complete sources { status matched } } }");
const { totalCount, complete, sources } = data?.services ?? {};
console.log(JSON.stringify({ totalCount, complete, sources, errors }));
const answered = sources?.filter(({ status, matched }) => status === "COMPLETE" && matched > 0) ?? [];
process.exitCode = !errors && complete && totalCount > 0 && answered.length >= 3 ? 0 : 1;

async function ready() {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(`${gateway}/health/ready`);
    if (answer.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the gateway does not become ready");
}

async function ask(query) {
  const answer = await fetch(`${gateway}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(20_000),
  });
  return answer.json();
}

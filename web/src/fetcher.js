// Sends one POST to the page's own address for each run. It never retries: a failed answer is shown as it is.
import { parse } from "graphql";
import { tellOutcome } from "./outcome.js";

export async function fetcher(request, options) {
  const began = performance.now();
  const answer = await send(withItsName(request), options);
  // The console also reads the schema, which is not a run of the user's.
  if (request.operationName !== "IntrospectionQuery") {
    const errors = (answer.errors ?? []).map((error) => error.message);
    tellOutcome({ took: performance.now() - began, errors });
  }
  return answer;
}

// The editor updates the operation's name a moment after the text changes, so the request may still have the old one.
function withItsName(request) {
  const names = operationNames(request.query);
  return names.length === 1 ? { ...request, operationName: names[0] } : request;
}

function operationNames(query) {
  try {
    const operations = parse(query).definitions.filter(({ kind }) => kind === "OperationDefinition");
    return operations.map(({ name }) => name?.value);
  } catch {
    return [];
  }
}

async function send(request, options) {
  let response;
  try {
    response = await fetch(location.pathname, {
      method: "POST",
      headers: {
        ...options?.headers,
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json;q=0.9",
      },
      body: JSON.stringify(request),
    });
  } catch (error) {
    return { errors: [{ message: `The gateway cannot be reached: ${error.message}` }] };
  }
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // A proxy may have answered with a page of its own.
    return { errors: [{ message: `HTTP ${response.status} without a GraphQL answer: ${text.slice(0, 500)}` }] };
  }
}

// A second subgraph, as another team may have it. It stores ratings of services, and knows services and sources by key.

import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

  type Query {
    reviewed: [Service]!
    trusted: Source!
  }

  type Service @key(fields: "id") {
    id: ID!
    rating: Float
    reviews(first: Int): ReviewConnection!
  }

  type Source @key(fields: "key") {
    key: String!
  }

  type ReviewConnection {
    nodes: [Review!]!
    pageInfo: PageInfo!
  }

  type Review {
    text: String!
    at: DateTime!
  }

  type PageInfo @shareable {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  scalar DateTime
`);

/** Returns the schema of the subgraph. The services with the ids in `rated` have a rating. */
function schema(rated) {
  return buildSubgraphSchema({
    typeDefs,
    resolvers: {
      Query: { reviewed: () => rated.map((id) => ({ id })), trusted: () => ({ key: "bristol" }) },
      Service: { __resolveReference: ({ id }) => ({ id }), rating: ({ id }) => (rated.includes(id) ? 4.5 : null) },
    },
  });
}

export const reviews = { typeDefs, schema };

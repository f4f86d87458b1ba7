// Operations in which tokens are removed, repeated, replaced, inserted or swapped.
import { Lexer, Source, TokenKind } from "graphql";

/** Valid operations that use most forms of the grammar. */
const WRITTEN = [
  `query Named($first: Int = 3, $keys: [String!]! = ["a"], $text: String) {
    found: services(first: $first, filter: { text: $text, sources: $keys, age: 4 }) @include(if: true) {
      totalCount nodes { ...Told ... on Service @skip(if: true) { name } ... @include(if: false) { id } ... { id } }
    }
  }
  fragment Told on Service { id organization { name } }`,
  `{ services(first: 1, filter: { or: [{ text: "a" }, { not: { text: """b""" } }], near: { point: { latitude: 1.5, longitude: -2.5e0, withinMetres: 5 } }, status: [ACTIVE] }) { totalCount } }`,
  `query A { meta { version } sources(keys: ["a", "b"]) { key } }`,
  `query ($a: Boolean! = true, $b: [ServiceFilter!]) { meta @skip(if: $a) { version @include(if: true) } nodes(ids: []) { id ... on Service { name } } services(filter: { or: $b }, first: 0) { totalCount } }`,
];
const INSERTED = ["{", "}", "(", ")", "[", "]", ":", "=", "!", "$", "@", "...", "|", "&", ",", "on", "query", "fragment", "null", "true", "x", "1", "1.5", '"s"', '"""s"""', ".", "-", "#", "?", `"`];

/** Returns one of these operations with one or two changes to its tokens. It may still be valid. */
export function withTokensChanged(chance) {
  let texts = tokens(chance.of(WRITTEN));
  for (let changes = chance.is(0.7) ? 1 : 2; changes > 0; changes -= 1) texts = changedOnce(texts, chance);
  return texts.join(chance.is(0.9) ? " " : "\n");
}

function tokens(text) {
  const lexer = new Lexer(new Source(text));
  const found = [];
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    found.push(text.slice(token.start, token.end));
  }
  return found;
}

function changedOnce(texts, chance) {
  const place = chance.below(texts.length);
  const [before, after] = [texts.slice(0, place), texts.slice(place + 1)];
  const other = chance.of(chance.is(0.5) ? INSERTED : texts);
  switch (chance.below(5)) {
    case 0:
      return [...before, ...after];
    case 1:
      return [...before, texts[place], texts[place], ...after];
    case 2:
      return [...before, other, ...after];
    case 3:
      return [...before, other, texts[place], ...after];
    default:
      return [...before, ...after.slice(0, 1), texts[place], ...after.slice(1)];
  }
}

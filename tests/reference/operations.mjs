// Random operations that are valid by the schema, over fields whose values are known.

import { getNamedType, isCompositeType, isInterfaceType, isObjectType } from "graphql";

const LETTERS = ["a", "b", "c", "d"];

/** Draws random operations. They select only the given fields. */
export class Operations {
  /** `fields` lists the fields to select for each type: `{ name, args }`, with the arguments as they are written. */
  constructor(schema, fields, chance) {
    Object.assign(this, { schema, fields, chance });
  }

  /** Returns an operation and its variables. */
  draw() {
    this.fragments = [];
    this.conditions = new Map();
    this.aliases = 0;
    const root = this.schema.getQueryType();
    const selection = this.selectionSet(root, 0);
    const variables = [...this.conditions];
    const declared = variables.map(([name, { fallback }]) =>
      fallback === undefined ? `$${name}: Boolean!` : `$${name}: Boolean = ${fallback}`,
    );
    const head = declared.length > 0 ? `query Q(${declared.join(", ")}) ` : this.chance.is(0.5) ? "query Q " : "";
    const given = variables.filter(([, { value }]) => value !== undefined).map(([name, { value }]) => [name, value]);
    return { query: [head + selection, ...this.fragments].join("\n"), variables: Object.fromEntries(given) };
  }

  selectionSet(type, depth) {
    const count = 1 + this.chance.below(depth === 0 ? 3 : 4);
    const selections = Array.from({ length: count }, () => this.selection(type, depth));
    return `{ ${selections.join(" ")} }`;
  }

  selection(type, depth) {
    const { chance } = this;
    if (chance.is(0.12) && depth < 5) return this.inline(type, depth);
    if (chance.is(0.08) && depth < 4) return this.spread(type, depth);
    const calls = this.fields[type.name] ?? [];
    const possible = depth < 4 ? calls : calls.filter((call) => !this.isComposite(type, call));
    if (possible.length === 0 || chance.is(0.06)) return this.aliased("__typename") + this.directives();
    const call = chance.of(possible);
    const of = getNamedType(type.getFields()[call.name].type);
    const head = this.aliased(call.name) + (call.args ? `(${call.args})` : "") + this.directives();
    return isCompositeType(of) ? `${head} ${this.selectionSet(of, depth + 1)}` : head;
  }

  isComposite(type, call) {
    return isCompositeType(getNamedType(type.getFields()[call.name].type));
  }

  aliased(name) {
    if (this.aliases >= 40 || !this.chance.is(0.15)) return name;
    this.aliases += 1;
    return `${this.chance.of(LETTERS)}_${name}: ${name}`;
  }

  inline(type, depth) {
    const on = this.condition(type);
    return `...${on ? ` on ${on.name}` : ""}${this.directives()} ${this.selectionSet(on ?? type, depth + 1)}`;
  }

  spread(type, depth) {
    const name = `F${this.fragments.length}`;
    const place = this.fragments.push("") - 1;
    const on = this.condition(type) ?? type;
    this.fragments[place] = `fragment ${name} on ${on.name} ${this.selectionSet(on, depth + 1)}`;
    return `...${name}${this.directives()}`;
  }

  /** Returns a type condition that can apply to values of `type`, or `undefined` for none. */
  condition(type) {
    if (this.chance.is(0.3)) return undefined;
    const wider = isObjectType(type) ? type.getInterfaces() : [];
    const narrower = isInterfaceType(type) ? this.schema.getPossibleTypes(type) : [];
    return this.chance.of([type, ...wider, ...narrower]);
  }

  directives() {
    if (!this.chance.is(0.1)) return "";
    const name = this.chance.of(["skip", "include"]);
    return ` @${name}(if: ${this.chance.is(0.4) ? this.chance.is(0.5) : this.variable()})`;
  }

  variable() {
    const name = this.chance.of(["v", "w"]);
    if (!this.conditions.has(name)) {
      const fallback = this.chance.is(0.5) ? this.chance.is(0.5) : undefined;
      const value = fallback === undefined || this.chance.is(0.5) ? this.chance.is(0.5) : undefined;
      this.conditions.set(name, { fallback, value });
    }
    return `$${name}`;
  }
}
